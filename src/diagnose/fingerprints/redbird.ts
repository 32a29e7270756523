// redbird for Node: the error message as the reason phrase, its code as the content.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'redbird',
  name: 'redbird',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    {
      content: /^(E[A-Z]{4,16}|HPE_[A-Z_]{4,40}|CERT_[A-Z_]{4,40}|DEPTH_[A-Z_]{4,40}|[A-Z]+_[A-Z_]{4,60})$/,
      status: [500, 502],
      made: 0.7,
      says: 'The content is nothing but a Node.js error code.',
    },
    {
      reason: /^(socket hang up|connect E[A-Z]+|read E[A-Z]+|write E[A-Z]+|Parse Error: |getaddrinfo )/,
      made: 0.5,
    },
  ],
  readings: [
    {
      causes: [
        'connection_terminated',
        'http_protocol_error',
        'connection_refused',
        'destination_unavailable',
      ],
      says: 'the request to the target failed',
      textTells: true,
    },
  ],
  source: 'OptimalBits/redbird: lib/proxy.ts',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nc\r\nECONNREFUSED\r\n0\r\n\r\n',
      causes: ['connection_refused'],
    },
  ],
} satisfies Fingerprint
