// AWS Classic Load Balancer: bare errors; "Http/1.1 Service Unavailable" is shared with NetScaler.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'aws-clb',
  name: 'AWS Classic Load Balancer',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^awselb$/], made: 0.6, seen: 0.8 },
    { cookie: /^AWSELB=/, seen: 0.6 },
    { content: /^Http\/1\.1 Service Unavailable$/, made: 0.45, unverified: true },
  ],
  readings: [
    {
      status: 503,
      causes: ['connection_refused', 'destination_unavailable', 'connection_limit_reached'],
      says: 'no healthy instance, or the surge queue is full',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_terminated'],
      says: 'the idle time-out ran out, or instances close kept connections early',
    },
    {
      status: 502,
      causes: ['http_protocol_error', 'connection_terminated'],
      says: 'the answer of the instance cannot be parsed',
    },
    {
      status: [400, 405, 408],
      causes: ['http_request_error'],
      says: 'the load balancer refused the request as it came',
    },
  ],
  source: 'awsdocs: elb-classic-load-balancers-user-guide, ts-elb-error-message',
  examples: [
    {
      raw: 'HTTP/1.1 503 Service Unavailable: Back-end server is at capacity\r\nServer: awselb\r\nContent-Length: 0\r\n\r\n',
      causes: ['connection_refused', 'destination_unavailable', 'connection_limit_reached'],
    },
  ],
} satisfies Fingerprint
