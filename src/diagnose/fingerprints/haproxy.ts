// HAProxy: lower-case field names, no Date, no Server, one fixed sentence per status.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'haproxy',
  name: 'HAProxy',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    {
      order: 'content-length,cache-control,content-type,connection',
      made: 0.6,
      says: 'The fields have the order and the lower case of HAProxy, and there is neither Date nor Server.',
    },
    {
      order: 'content-length,cache-control,content-type',
      made: 0.6,
      status: [400, 403, 408, 429, 500, 502, 503, 504],
    },
    { order: 'Content-length,Cache-Control,Connection,Content-Type', reason: /^Bad request$/, made: 0.8 },
    { reason: /^Bad request$/, made: 0.3 },
    { body: 'the server returned an invalid or incomplete response.', made: 0.9 },
    { body: 'no server is available to handle this request.', made: 0.9 },
    { body: "the server didn't respond in time.", made: 0.9 },
    { body: 'your browser sent an invalid request.', made: 0.8 },
    { body: "your browser didn't send a complete request in time.", made: 0.9 },
    { body: 'request forbidden by administrative rules.', made: 0.9 },
    { body: 'you have sent too many requests in a given amount of time.', made: 0.8 },
    { body: 'you need a valid user and password to access this content.', made: 0.8 },
    { body: 'the request entity exceeds the maximum allowed.', made: 0.8 },
    { body: 'your browser sent early data.', made: 0.9 },
    { body: 'an internal server error occurred.\n</body></html>', made: 0.8 },
    { body: 'the resource could not be found.\n</body></html>', made: 0.8 },
    {
      order: 'cache-control,content-type',
      protocol: 'HTTP/1.0',
      made: 0.65,
      status: [400, 403, 408, 429, 500, 502, 503, 504],
      says: 'An HTTP/1.0 answer of just cache-control and content-type, in lower case, is an errorfile of HAProxy.',
    },
    { field: ['server', /^haproxy/i], seen: 0.8 },
    { cookie: /^(SERVERID|SRVNAME|HAPROXY)=/i, seen: 0.4 },
  ],
  readings: [
    {
      status: 503,
      slow: false,
      causes: [
        'connection_refused',
        'destination_unavailable',
        'destination_not_found',
        'tls_certificate_error',
        'tls_protocol_error',
      ],
      says: 'no server of the backend is up, its name does not resolve, or no backend takes this host; it was not even tried',
      operator:
        'Termination state SC or <NOSRV> in the log; "show servers state" on the stats socket tells which servers are down.',
    },
    {
      status: 503,
      slow: true,
      causes: [
        'connection_refused',
        'destination_unavailable',
        'tls_protocol_error',
        'tls_certificate_error',
        'connection_terminated',
      ],
      says: 'no connection came about although it tried: refused or unreachable (about a second per retry), silent (time-outs), TLS failed, or the queue stayed full',
      operator:
        'The log says SC (refused), sC (connect time-out) or sQ (queue time-out), and bc_err_str/ssl_bc_err the TLS error.',
    },
    {
      status: 503,
      causes: [
        'connection_refused',
        'destination_unavailable',
        'tls_protocol_error',
        'destination_not_found',
        'tls_certificate_error',
      ],
      says: 'HAProxy never got a connection to a server',
      operator:
        'The two letters of the termination state in the log decide: SC refused, sC connect time-out, sQ queue.',
    },
    {
      status: 502,
      causes: ['http_protocol_error', 'connection_terminated', 'http_response_header_section_size'],
      says: 'it had a connection, and the answer was cut off or invalid',
      operator:
        'SH in the log: the server closed before complete headers; PH: invalid response ("show errors" on the stats socket quotes it).',
    },
    {
      status: 504,
      causes: ['http_response_timeout'],
      says: 'timeout server ran out while it waited for the headers',
      operator: 'sH in the log.',
    },
    {
      status: 408,
      causes: ['http_request_error'],
      says: 'the request did not come in within timeout http-request',
      link: 'you',
      party: 'visitor',
    },
    {
      status: [401, 403, 407, 429],
      causes: ['http_request_denied'],
      says: 'an http-request rule of HAProxy denies the request',
    },
    {
      status: [400, 413, 414, 425, 431],
      causes: ['http_request_error'],
      says: 'HAProxy refused the request as it came, or it exceeds tune.bufsize',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'a rule of HAProxy answers 404',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 500,
      causes: ['proxy_internal_error', 'http_request_denied'],
      says: 'HAProxy itself failed, or a tarpit ended',
      link: 'gateway',
      party: 'gateway_operator',
    },
  ],
  source: 'haproxy: src/http.c, doc/configuration.txt 8.5',
  examples: [
    {
      raw: "HTTP/1.1 504 Gateway Time-out\r\ncontent-length: 92\r\ncache-control: no-cache\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.\n</body></html>\n",
      causes: ['http_response_timeout'],
    },
    {
      raw: 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 107\r\ncache-control: no-cache\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n',
      causes: ['connection_refused', 'destination_unavailable', 'destination_not_found'],
      waitedMs: 1,
    },
  ],
} satisfies Fingerprint
