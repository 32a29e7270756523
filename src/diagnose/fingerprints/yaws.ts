// Yaws and its revproxy: Server: Yaws, 404 where the upstream cannot be reached, 500 for nearly all else.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'yaws',
  name: 'Yaws',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^Yaws /], seen: 0.95, made: 0.4 },
    { body: '<address> yaws ', made: 0.8 },
    { content: /^<html><h1>500 Internal Server Error<\/h1><\/html>$/, made: 0.6 },
    { body: 'internal error, yaws code crashed', made: 0.95 },
  ],
  version: [{ field: 'server', matches: /^Yaws ([\d.]{1,12})/ }],
  readings: [
    {
      body: '{badrecord,{http_response',
      causes: ['http_protocol_error'],
      says: 'the answer of the backend confused the proxy code of Yaws',
    },
    {
      body: 'list_to_integer',
      causes: ['http_protocol_error'],
      says: 'a length in the answer of the backend is no number',
    },
    {
      body: 'internal error, yaws code crashed',
      causes: ['http_protocol_error'],
      says: 'the answer of the backend crashed the proxy code of Yaws',
    },
    {
      status: 404,
      slow: true,
      causes: ['dns_error', 'connection_timeout', 'proxy_loop_detected', 'upstream_error_passed_through'],
      says: 'the backend cannot be reached, or there is no such page',
    },
    {
      status: 404,
      causes: [
        'dns_error',
        'connection_refused',
        'destination_unavailable',
        'destination_ip_unroutable',
        'upstream_error_passed_through',
      ],
      says: 'revproxy says 404 when it cannot connect to the backend; or there is no such page',
    },
    {
      status: [500, 502, 503, 504],
      slow: true,
      causes: ['http_response_timeout', 'connection_read_timeout', 'connection_terminated'],
      says: 'the backend did not answer in time',
    },
    {
      status: [500, 502, 503],
      causes: ['connection_terminated', 'http_protocol_error', 'http_response_header_section_size'],
      says: 'the backend closed early or its answer is broken',
    },
    {
      status: [400, 405, 408, 413, 414, 501],
      causes: ['http_request_error'],
      says: 'Yaws refused the request as it came',
    },
    { status: [401, 403], causes: ['http_request_denied'], says: 'Yaws denies the request' },
  ],
  source: 'erlyaws/yaws: src/yaws_revproxy.erl, src/yaws_server.erl',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nServer: Yaws 2.1.1\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Length: 47\r\nContent-Type: text/html\r\n\r\n<html><h1>500 Internal Server Error</h1></html>',
      causes: ['connection_terminated', 'http_protocol_error'],
      waitedMs: 1,
    },
  ],
} satisfies Fingerprint
