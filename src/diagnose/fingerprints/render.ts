// Render: x-render-routing says what its router could not do.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'render',
  name: 'Render',
  role: 'gateway',
  builtOn: ['cloudflare'],
  fixedBy: 'site_operator',
  clues: [
    { field: ['x-render-routing', /^[a-z-]{3,60}$/], made: 0.95 },
    { field: ['rndr-id'], seen: 0.9 },
    { field: ['x-render-origin-server'], seen: 0.95 },
  ],
  readings: [
    {
      field: ['x-render-routing', /^no-server$/],
      causes: ['destination_not_found'],
      says: 'no service has this host name',
      link: 'gateway',
      party: 'site_operator',
    },
    {
      field: ['x-render-routing', /hibernate|wake/],
      causes: ['destination_unavailable'],
      says: 'the sleeping service did not wake up',
    },
    {
      field: ['x-render-routing', /suspend/],
      causes: ['destination_unavailable'],
      says: 'the service is suspended',
      link: 'gateway',
      party: 'site_operator',
    },
    {
      field: ['x-render-routing'],
      causes: ['destination_unavailable', 'connection_refused'],
      says: 'the router did not get through to the service',
    },
    {
      causes: ['connection_terminated', 'connection_refused'],
      says: 'the service crashed or does not listen on PORT',
    },
  ],
  source: 'public runbooks quoting the field',
  examples: [
    {
      raw: 'HTTP/1.1 404 Not Found\r\nx-render-routing: no-server\r\nrndr-id: 1\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nNot Found\n',
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
