// proxy-chain for Node: status codes 590 to 599 that name the failure.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'proxy-chain',
  name: 'proxy-chain',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { field: ['server', /^ProxyChain$/], made: 0.95 },
    {
      status: [590, 592, 593, 594, 595, 596, 597, 598, 599],
      content:
        /^(Non Successful|Status Code Out Of Range|Not Found|Connection Refused|Connection Reset|Broken Pipe|Auth Failed|Upstream Error)$/,
      made: 0.9,
    },
    { status: 404, order: 'content-type,Date,Connection,Content-Length', content: /^Not Found$/, made: 0.62 },
  ],
  readings: [
    { status: [404, 593], causes: ['dns_error'], says: 'the name does not resolve' },
    { status: 594, causes: ['connection_refused'], says: 'the connection was refused' },
    { status: 595, causes: ['connection_terminated'], says: 'the connection was reset' },
    { status: 596, causes: ['connection_terminated'], says: 'the connection broke while it was written to' },
    { status: 597, causes: ['http_request_denied'], says: 'the proxy behind refused the credentials' },
    {
      status: [590, 592],
      causes: ['http_protocol_error', 'connection_refused', 'destination_unavailable'],
      says: 'the proxy behind answered something unusable',
    },
    {
      status: 599,
      causes: ['http_protocol_error', 'dns_error', 'http_response_header_section_size'],
      says: 'any other error: mostly an answer that cannot be parsed',
    },
    {
      status: 407,
      causes: ['proxy_auth_required'],
      says: 'the proxy wants a login',
      party: 'visitor',
    },
    {
      status: 400,
      body: 'could not be parsed',
      causes: ['http_request_error', 'proxy_loop_detected'],
      says: 'the request target is not absolute: it was sent as to an origin',
    },
    {
      status: [400, 405, 413, 431],
      causes: ['http_request_error'],
      says: 'proxy-chain refused the request as it came',
    },
    { causes: ['proxy_internal_error'], says: 'proxy-chain itself failed' },
  ],
  source: 'apify/proxy-chain: src/statuses.ts',
  examples: [
    {
      raw: 'HTTP/1.1 595 Connection Reset\r\ncontent-type: text/plain; charset=utf-8\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nConnection: close\r\nContent-Length: 16\r\n\r\nConnection Reset',
      causes: ['connection_terminated'],
    },
  ],
} satisfies Fingerprint
