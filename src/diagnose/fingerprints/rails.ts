// Rails: its public error pages, X-Runtime.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'rails',
  name: 'Ruby on Rails',
  role: 'application',
  fixedBy: 'site_operator',
  clues: [
    { body: "we're sorry, but something went wrong (500)", made: 0.9, unverified: true },
    { body: "<h1>we're sorry, but something went wrong.</h1>", made: 0.8, unverified: true },
    { body: "the page you were looking for doesn't exist (404)", made: 0.9, unverified: true },
    { field: ['x-runtime', /^\d+\.\d+$/], seen: 0.7, unverified: true },
  ],
  readings: [
    {
      causes: ['upstream_error_passed_through'],
      says: 'the request got through to the application, and the error is its own',
    },
  ],
  source: 'rails/rails: railties public templates',
  examples: [
    {
      raw: "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html; charset=UTF-8\r\nX-Request-Id: 1\r\nX-Runtime: 0.01\r\nContent-Length: 165\r\n\r\n<!DOCTYPE html>\n<html>\n<head>\n  <title>We're sorry, but something went wrong (500)</title>\n</head><body><h1>We're sorry, but something went wrong.</h1></body></html>",
      causes: ['upstream_error_passed_through'],
    },
  ],
} satisfies Fingerprint
