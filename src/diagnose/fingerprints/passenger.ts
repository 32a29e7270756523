// Passenger: it starts the application, and says when it cannot.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'passenger',
  name: 'Phusion Passenger',
  role: 'application',
  fixedBy: 'site_operator',
  clues: [
    { field: ['x-powered-by', /Phusion Passenger/], seen: 0.95, made: 0.2, unverified: true },
    { body: 'web application could not be started', made: 0.9, unverified: true },
    { body: 'web application could not be started by the phusion passenger', made: 0.9, unverified: true },
    { field: ['server', /Phusion_Passenger/], seen: 0.9, unverified: true },
  ],
  readings: [
    {
      body: 'could not be started',
      causes: ['upstream_error_passed_through', 'connection_refused'],
      says: 'the application did not start',
      operator: 'The Passenger log has the error under the error id of the page.',
    },
    {
      causes: ['upstream_error_passed_through'],
      says: 'the request got through to the application, and the error is its own',
    },
  ],
  source: 'phusion/passenger (general knowledge, unverified)',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nStatus: 500 Internal Server Error\r\nX-Powered-By: Phusion Passenger(R) 6.0.18\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 76\r\n\r\n<title>Web application could not be started by the Phusion Passenger</title>',
      causes: ['upstream_error_passed_through', 'connection_refused'],
    },
  ],
} satisfies Fingerprint
