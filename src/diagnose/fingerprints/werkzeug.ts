// Werkzeug: a development server in production.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'werkzeug',
  name: 'Flask and Werkzeug',
  role: 'application',
  fixedBy: 'site_operator',
  clues: [
    { field: ['server', /^Werkzeug\//], seen: 0.9, made: 0.3 },
    {
      body: '<title>500 internal server error</title>\n<h1>internal server error</h1>\n<p>the server encountered an internal error and was unable to complete your request.',
      made: 0.9,
      unverified: true,
    },
    {
      body: '<title>404 not found</title>\n<h1>not found</h1>\n<p>the requested url was not found on the server.',
      made: 0.9,
      unverified: true,
    },
  ],
  readings: [
    {
      causes: ['upstream_error_passed_through'],
      says: 'the request got through to the application, and the error is its own',
    },
  ],
  source: 'pallets/werkzeug: src/werkzeug/exceptions.py',
  examples: [
    {
      raw: 'HTTP/1.1 500 INTERNAL SERVER ERROR\r\nServer: Werkzeug/3.0.1 Python/3.11.2\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 265\r\n\r\n<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n<p>The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.</p>\n',
      causes: ['upstream_error_passed_through'],
    },
  ],
} satisfies Fingerprint
