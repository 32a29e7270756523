// ISA and TMG: "502 Proxy Error ( text )" with a Winsock, WinINet or 12xxx code.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'isa-tmg',
  name: 'Microsoft ISA Server and Forefront TMG',
  role: 'proxy',
  fixedBy: 'access_provider',
  clues: [
    { reason: /^Proxy Error \( .{1,200}\)$/, made: 0.9 },
    { body: 'internet security and acceleration server', made: 0.9 },
    { body: 'error code: 502 proxy error.', made: 0.9 },
    { body: 'technical information (for support personnel)', made: 0.8, unverified: true },
  ],
  readings: [
    { body: '(10060)', causes: ['connection_timeout'], says: 'the connection attempt timed out (10060)' },
    { body: '(10061)', causes: ['connection_refused'], says: 'the connection was refused (10061)' },
    { body: '(10065)', causes: ['destination_ip_unroutable'], says: 'there is no route to the host (10065)' },
    { body: '(11001)', causes: ['dns_error'], says: 'the host was not found (11001)' },
    { body: '(11002)', causes: ['dns_error'], says: 'the resolver did not answer (11002)' },
    {
      body: '(12202)',
      causes: ['http_request_denied'],
      says: 'a rule denies the URL (12202)',
      link: 'proxy',
      party: 'access_provider',
    },
    {
      body: '(12302)',
      causes: ['http_request_denied'],
      says: 'a publishing rule denies the URL (12302)',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      body: '(12206)',
      causes: ['proxy_loop_detected'],
      says: 'the proxy chain runs in a circle (12206)',
      link: 'proxy',
      party: 'access_provider',
    },
    {
      body: '(12209)',
      causes: ['proxy_auth_required'],
      says: 'the proxy wants a login (12209)',
      link: 'proxy',
      party: 'visitor',
    },
    { body: '(10054)', causes: ['connection_terminated'], says: 'the connection was reset (10054)' },
    { body: '(64)', causes: ['connection_terminated'], says: 'the connection was lost (64)' },
    {
      status: 504,
      causes: ['connection_timeout', 'http_response_timeout'],
      says: 'the upstream did not answer in time',
    },
    { status: 407, causes: ['proxy_auth_required'], says: 'the proxy wants a login', party: 'visitor' },
    {
      status: 403,
      causes: ['http_request_denied'],
      says: 'a rule denies the request',
      link: 'proxy',
      party: 'access_provider',
    },
    {
      causes: ['connection_terminated', 'connection_refused', 'dns_error', 'connection_timeout'],
      says: 'no connection to the upstream; the code in brackets names the step',
    },
  ],
  source: 'Microsoft KB 831140; TMG result codes',
  examples: [
    {
      raw: 'HTTP/1.1 502 Proxy Error ( The host was not found. )\r\nVia: 1.1 ISA1\r\nConnection: close\r\nProxy-Connection: close\r\nContent-Type: text/html\r\nContent-Length: 91\r\n\r\n<li>Error Code: 502 Proxy Error. The host was not found. (11001)</li><li>Source: proxy</li>',
      causes: ['dns_error'],
    },
  ],
} satisfies Fingerprint
