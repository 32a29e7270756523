// Gunicorn: its bare error page; a worker time-out shows only as the 502 of the gateway in front.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'gunicorn',
  name: 'Gunicorn',
  role: 'application',
  fixedBy: 'site_operator',
  clues: [
    { field: ['server', /^gunicorn(\/|$)/], seen: 0.9, made: 0.3 },
    { body: '<h1><p>internal server error</p></h1>', made: 0.9 },
    { body: '<h1><p>bad request</p></h1>', made: 0.8 },
  ],
  readings: [
    {
      status: [400, 405, 413, 414, 431],
      causes: ['http_request_error'],
      says: 'Gunicorn could not read the request',
    },
    {
      causes: ['upstream_error_passed_through'],
      says: 'the request got through to the application, and the error is its own',
    },
  ],
  source: 'benoitc/gunicorn: gunicorn/util.py',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: 141\r\n\r\n<html>\n  <head>\n    <title>Internal Server Error</title>\n  </head>\n  <body>\n    <h1><p>Internal Server Error</p></h1>\n    \n  </body>\n</html>\n',
      causes: ['upstream_error_passed_through'],
    },
  ],
} satisfies Fingerprint
