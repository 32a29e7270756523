// h2o: 502 "Gateway Error" whose plain text body is the cause itself.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'h2o',
  name: 'h2o',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^h2o(\/|$)/], seen: 0.9, made: 0.3 },
    { reason: /^Gateway Error$/, status: 502, made: 0.7 },
    {
      status: 502,
      content:
        /^(connection (timeout|failed)|failed to connect to host|first byte timeout|I\/O (error|timeout)( \((head|body).{0,20}\))?|failed to parse the response|invalid (content-length|response from upstream)|end of stream|refused stream|ssl handshake failure|too many internal (delegations|reprocesses)|unexpected type of transfer-encoding|protocol violation)$/,
      made: 0.75,
      says: 'The content is one of the short texts with which h2o names the cause.',
    },
    {
      field: ['server', /^h2o(\/|$)/],
      status: 502,
      content: /^[\w '-]{8,80}$/,
      made: 0.5,
    },
    { field: ['server', /^h2o(\/|$)/], status: 503, content: /^Internal Server Error$/, made: 0.7 },
    { status: 503, reason: /^Internal Server Error$/, content: /^Internal Server Error$/, made: 0.8 },
    { field: ['server', /^h2o(\/|$)/], status: 500, content: /^Internal Server Error$/, made: 0.7 },
    {
      field: ['server', /^h2o(\/|$)/],
      status: [400, 403, 404, 405, 413, 417, 421],
      content: /^[\w ]{4,64}$/,
      made: 0.4,
    },
  ],
  version: [{ field: 'server', matches: /^h2o\/([\w.-]{1,24})/ }],
  readings: [
    {
      content: /^connection timeout$/,
      slow: true,
      causes: ['connection_timeout', 'dns_error'],
      says: 'the name did not resolve or the connection did not come about in time',
    },
    {
      content: /^connection timeout$/,
      causes: ['connection_timeout', 'dns_error'],
      says: 'the connection did not come about in time',
    },
    {
      content: /^(first byte timeout|I\/O timeout)$/,
      causes: ['http_response_timeout', 'connection_read_timeout', 'proxy_loop_detected'],
      says: 'the upstream did not answer in time; h2o says 502 even then',
    },
    { content: /^connection failed$/, causes: ['connection_refused'], says: 'the connection was refused' },
    {
      content: /^failed to connect to host$/,
      causes: ['destination_unavailable'],
      says: 'the host cannot be reached',
    },
    {
      content: /(certificate|hostname mismatch)/i,
      causes: ['tls_certificate_error'],
      says: 'the certificate of the upstream does not verify',
    },
    {
      content: /ssl handshake failure|unknown alpn/,
      causes: ['tls_alert_received'],
      says: 'the TLS handshake with the upstream failed',
    },
    {
      content: /^I\/O error$/,
      causes: ['tls_protocol_error'],
      says: 'the connection broke before the request was answered',
    },
    {
      content: /^(I\/O error \(head\)|end of stream|refused stream|I\/O error \(body.*\))$/,
      causes: ['connection_terminated'],
      says: 'the upstream closed or reset the connection before its head was whole',
    },
    {
      content:
        /^(failed to parse the response|invalid content-length|invalid response from upstream|protocol violation|malformed|line folding|unexpected type of)/,
      causes: ['http_protocol_error', 'http_response_header_section_size'],
      says: 'the answer of the upstream cannot be parsed',
    },
    {
      content: /^too many internal (delegations|reprocesses)$/,
      causes: ['proxy_loop_detected'],
      says: 'the configuration of h2o runs in a circle',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      content: /(name|host|lookup|resolve)/i,
      status: 502,
      causes: ['dns_error'],
      says: 'the name of the upstream does not resolve',
    },
    {
      status: 503,
      slow: true,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the FastCGI application did not answer in time',
    },
    {
      status: 503,
      causes: [
        'connection_terminated',
        'connection_refused',
        'destination_unavailable',
        'http_protocol_error',
        'dns_error',
      ],
      says: 'the FastCGI application cannot be reached or its answer is unusable',
    },
    {
      status: 500,
      causes: ['proxy_internal_error', 'connection_terminated'],
      says: 'h2o or its FastCGI application failed',
    },
    {
      status: 502,
      causes: [
        'connection_terminated',
        'http_protocol_error',
        'connection_refused',
        'destination_unavailable',
        'tls_protocol_error',
      ],
      says: 'the upstream failed',
    },
    {
      status: [400, 405, 413, 414, 417, 421],
      causes: ['http_request_error'],
      says: 'h2o refused the request as it came',
    },
    { status: [401, 403], causes: ['http_request_denied'], says: 'h2o denies the request' },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'h2o has no path or file for this',
      link: 'gateway',
      party: 'gateway_operator',
    },
  ],
  source: 'h2o: lib/core/proxy.c, lib/common/http1client.c, lib/handler/fastcgi.c',
  examples: [
    {
      raw: 'HTTP/1.1 502 Gateway Error\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nConnection: close\r\nContent-Length: 17\r\nServer: h2o/2.2.6\r\ncontent-type: text/plain; charset=utf-8\r\n\r\nconnection failed',
      causes: ['connection_refused'],
    },
  ],
} satisfies Fingerprint
