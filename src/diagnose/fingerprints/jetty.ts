// Jetty: its error table, "Powered by Jetty".
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'jetty',
  name: 'Eclipse Jetty',
  role: 'application',
  fixedBy: 'site_operator',
  clues: [
    { body: 'powered by jetty://', made: 0.95 },
    { field: ['server', /^Jetty\(/], seen: 0.9, made: 0.3 },
    { body: '<h2>http error ', body2: '<th>servlet:</th>', made: 0.9 },
  ],
  readings: [
    {
      status: 503,
      causes: ['upstream_error_passed_through', 'connection_refused', 'destination_unavailable'],
      says: 'the web application did not start or is shutting down',
    },
    {
      causes: ['upstream_error_passed_through'],
      says: 'the request got through to the application, and the error is its own',
    },
  ],
  source: 'jetty/jetty.project: ErrorHandler.java',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html;charset=iso-8859-1\r\nContent-Length: 141\r\n\r\n<html><body><h2>HTTP ERROR 503 Service Unavailable</h2><hr/><a href="https://eclipse.org/jetty">Powered by Jetty:// 11.0.15</a></body></html>',
      causes: ['upstream_error_passed_through', 'connection_refused', 'destination_unavailable'],
    },
  ],
} satisfies Fingerprint
