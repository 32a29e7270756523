// Railway: JSON from its edge, x-railway-fallback.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'railway',
  name: 'Railway',
  role: 'gateway',
  builtOn: ['envoy'],
  fixedBy: 'site_operator',
  clues: [
    { field: ['x-railway-fallback', /^true$/], made: 0.97 },
    { field: ['server', /^railway-edge$/], seen: 0.95 },
    { field: ['x-railway-request-id'], seen: 0.9 },
    { body: '"application failed to respond"', made: 0.95 },
    { body: 'the train has not arrived at the station', made: 0.95 },
  ],
  readings: [
    {
      status: 502,
      causes: ['connection_refused', 'connection_terminated', 'http_response_timeout'],
      says: 'no healthy instance answered: crashed, not listening on PORT and 0.0.0.0, or another target port',
      operator: 'Compare the port the app listens on with the target port of the domain.',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'the service is removed, paused, or not bound to this domain',
      link: 'gateway',
      party: 'site_operator',
    },
    { causes: ['destination_unavailable'], says: 'the edge did not get through to the service' },
  ],
  source: 'public runbooks quoting fields and messages',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nserver: railway-edge\r\nx-railway-fallback: true\r\ncontent-type: application/json\r\ncontent-length: 88\r\n\r\n{"status":"error","code":502,"message":"Application failed to respond","request_id":"x"}',
      causes: ['connection_refused', 'connection_terminated'],
    },
  ],
} satisfies Fingerprint
