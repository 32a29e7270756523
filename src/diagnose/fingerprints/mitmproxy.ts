// mitmproxy: a small page with the error text of the connection behind it.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'mitmproxy',
  name: 'mitmproxy',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { field: ['server', /^mitmproxy /], made: 0.95 },
    { status: 502, content: /^Cannot connect to [^ ]{1,260}:\d+: /, order: 'content-length', made: 0.8 },
  ],
  version: [{ field: 'server', matches: /^mitmproxy ([\d.]{1,12})/ }],
  readings: [
    { body: 'errno -2', causes: ['dns_error'], says: 'the name does not resolve' },
    { body: 'errno -3', causes: ['dns_error'], says: 'the resolver did not answer' },
    { body: 'errno 113', causes: ['destination_ip_unroutable'], says: 'there is no route to the server' },
    {
      status: [502, 504],
      causes: ['connection_terminated', 'http_protocol_error', 'tls_protocol_error'],
      says: 'the server behind failed; the page quotes how',
      textTells: true,
    },
    {
      status: [400, 407, 413],
      causes: ['http_request_error'],
      says: 'mitmproxy refused the request as it came',
    },
    { causes: ['proxy_internal_error'], says: 'mitmproxy itself failed' },
  ],
  source: 'mitmproxy: mitmproxy/proxy/layers/http',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: mitmproxy 10.1.1\r\nConnection: close\r\nContent-Type: text/html\r\ncontent-length: 144\r\n\r\n<html>\n<head>\n    <title>502 Bad Gateway</title>\n</head>\n<body>\n    <h1>502 Bad Gateway</h1>\n    <p>server closed connection</p>\n</body>\n</html>',
      causes: ['connection_terminated'],
    },
  ],
} satisfies Fingerprint
