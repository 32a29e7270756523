// Express and its default error page (finalhandler): the application itself, which may be a gateway in disguise.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'express',
  name: 'Express',
  role: 'application',
  fixedBy: 'site_operator',
  clues: [
    { field: ['x-powered-by', /^Express$/], seen: 0.9, made: 0.2 },
    {
      content:
        /^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error<\/title>\n<\/head>\n<body>\n<pre>/,
      made: 0.85,
    },
    {
      field: ['content-security-policy', /^default-src 'none'$/],
      field2: ['x-content-type-options', /^nosniff$/],
      made: 0.3,
    },
  ],
  readings: [
    {
      status: 500,
      causes: [
        'upstream_error_passed_through',
        'tls_certificate_error',
        'connection_refused',
        'destination_unavailable',
        'http_protocol_error',
      ],
      says: "an error nobody handled: the application's own, or that of a proxy module in it",
      textTells: false,
    },
    { causes: ['upstream_error_passed_through'], says: 'the application answers so itself' },
  ],
  source: 'pillarjs/finalhandler: index.js',
  examples: [
    {
      raw: 'HTTP/1.1 404 Not Found\r\nX-Powered-By: Express\r\nContent-Security-Policy: default-src \'none\'\r\nX-Content-Type-Options: nosniff\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 143\r\n\r\n<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot GET /shop</pre>\n</body>\n</html>\n',
      causes: ['upstream_error_passed_through'],
    },
  ],
} satisfies Fingerprint
