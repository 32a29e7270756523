// Ziproxy: Server: ziproxy, pages signed with host and version, one sentence each.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'ziproxy',
  name: 'Ziproxy',
  role: 'proxy',
  relaysChunks: true,
  fixedBy: 'access_provider',
  clues: [
    { field: ['server', /^ziproxy$/], made: 0.9 },
    { body: '(ziproxy/', made: 0.8 },
    { order: 'Server,Date,Content-Type,Connection,Proxy-Connection', made: 0.3 },
    { field: ['proxy-connection', /^close$/i], forward: true, seen: 0.5 },
  ],
  version: [{ body: '(ziproxy/', matches: /^\(ziproxy\/([\d.]{1,12})/i }],
  readings: [
    { body: 'unknown host.', causes: ['dns_error'], says: 'the name does not resolve' },
    {
      body: 'connection refused.',
      causes: ['destination_unavailable'],
      says: 'the server refused or cannot be reached',
    },
    {
      status: 408,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the server did not answer in time',
      link: 'upstream',
      party: 'site_operator',
    },
    {
      body: 'empty response from server',
      causes: ['connection_terminated', 'http_protocol_error'],
      says: 'the server closed without a usable answer',
    },
    {
      body: 'too long line in response',
      causes: ['http_protocol_error', 'http_response_header_section_size'],
      says: 'a line of the answer is cut off or too long',
    },
    {
      body: 'malformed header',
      causes: ['http_protocol_error'],
      says: 'the answer of the server is malformed',
    },
    {
      status: [401, 403, 407],
      causes: ['http_request_denied'],
      says: 'a rule of the proxy denies the request',
    },
    {
      status: [400, 405, 411, 413, 501],
      causes: ['http_request_error'],
      says: 'Ziproxy refused the request as it came',
    },
    {
      causes: [
        'connection_terminated',
        'http_protocol_error',
        'connection_refused',
        'destination_unavailable',
      ],
      says: 'the server behind failed',
    },
  ],
  source: 'ziproxy 3.3: src/http.c, src/simplelist.c',
  examples: [
    {
      raw: 'HTTP/1.1 404 Not Found\r\nServer: ziproxy\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html\r\nConnection: close\r\nProxy-Connection: close\r\n\r\n<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY BGCOLOR="#cc9999"><H4>404 Not Found</H4>\nUnknown host.\n<HR>\n<ADDRESS>Generated Mon Jan  1 00:00:00 2024  by gw (ziproxy/3.3.2)</ADDRESS>\n</BODY></HTML>\n',
      causes: ['dns_error'],
    },
  ],
} satisfies Fingerprint
