// WordPress: its own two sentences when database or PHP fails.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'wordpress',
  name: 'WordPress',
  role: 'application',
  fixedBy: 'site_operator',
  clues: [
    { body: 'error establishing a database connection', made: 0.85 },
    { body: 'there has been a critical error on this website', made: 0.9, unverified: true },
    {
      body: 'briefly unavailable for scheduled maintenance. check back in a minute.',
      made: 0.95,
      unverified: true,
    },
    { field: ['link', /rel="https:\/\/api\.w\.org\/"/], seen: 0.9 },
  ],
  readings: [
    {
      body: 'error establishing a database connection',
      causes: ['upstream_error_passed_through'],
      says: 'the database behind WordPress is down or refuses the login',
      operator: 'Check the database server and DB_HOST, DB_USER in wp-config.php.',
    },
    {
      body: 'there has been a critical error',
      causes: ['upstream_error_passed_through'],
      says: 'PHP failed fatally',
      operator: 'Enable WP_DEBUG_LOG and read wp-content/debug.log.',
    },
    {
      causes: ['upstream_error_passed_through'],
      says: 'the request got through to the application, and the error is its own',
    },
  ],
  source: 'WordPress core; CF5xx names the first as a common origin 500',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 49\r\n\r\n<h1>Error establishing a database connection</h1>',
      causes: ['upstream_error_passed_through'],
    },
  ],
} satisfies Fingerprint
