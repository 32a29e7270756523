// Twisted Web as a proxy: 501 "Gateway error", and an empty 200 for nearly every other failure.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'twisted',
  name: 'Twisted Web',
  role: 'proxy',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^TwistedWeb\//], seen: 0.9, made: 0.5 },
    { status: 501, reason: /^Gateway error$/, made: 0.7 },
    { content: /^<H1>Could not connect<\/H1>$/, made: 0.6 },
    {
      status: 200,
      order: 'Transfer-Encoding,Connection',
      empty: true,
      made: 0.65,
      says: 'A chunked 200 of nothing, without Date or type, is how the proxy of Twisted ends when the server gave no answer.',
    },
    { status: 200, order: 'Transfer-Encoding', empty: true, made: 0.65 },
    {
      field: ['server', /^TwistedWeb\//],
      order: 'Transfer-Encoding,Connection,Server,Date,Content-Type',
      made: 0.4,
    },
  ],
  version: [{ field: 'server', matches: /^TwistedWeb\/([\d.]{1,12})/ }],
  readings: [
    {
      status: 501,
      slow: true,
      causes: ['dns_error', 'connection_timeout', 'connection_refused', 'destination_unavailable'],
      says: 'no connection to the server',
    },
    {
      status: 501,
      causes: ['destination_unavailable', 'dns_error', 'connection_refused'],
      says: 'no connection to the server',
    },
    {
      status: 200,
      empty: true,
      causes: ['connection_terminated', 'http_protocol_error', 'http_response_incomplete'],
      says: 'the server gave no answer or one that is no HTTP, and the proxy ended its own 200 empty',
      link: 'upstream',
      party: 'site_operator',
    },
    {
      status: [400, 413, 414, 405],
      causes: ['http_request_error'],
      says: 'Twisted refused the request as it came',
    },
    {
      status: 500,
      causes: ['upstream_error_passed_through', 'proxy_internal_error'],
      says: 'the Twisted application failed',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 404,
      causes: ['upstream_error_passed_through'],
      says: 'the Twisted application knows no such page',
      link: 'origin',
      party: 'site_operator',
    },
  ],
  source: 'twisted: src/twisted/web/proxy.py',
  examples: [
    {
      raw: 'HTTP/1.1 501 Gateway error\r\nTransfer-Encoding: chunked\r\nServer: TwistedWeb/22.10.0\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html\r\n\r\n1a\r\n<H1>Could not connect</H1>\r\n0\r\n\r\n',
      causes: ['destination_unavailable', 'dns_error'],
      waitedMs: 1,
    },
  ],
} satisfies Fingerprint
