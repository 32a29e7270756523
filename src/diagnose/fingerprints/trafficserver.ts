// Apache Traffic Server: telling reason phrases, body templates in capitals, Server: ATS, Via codes.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'trafficserver',
  name: 'Apache Traffic Server',
  role: 'cache',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^ATS(\/|$)/], seen: 0.95, made: 0.3 },
    { field: ['via', /\(ApacheTrafficServer/], seen: 0.95 },
    {
      body: '<body bgcolor="white" fgcolor="black">',
      body2: '<font face="helvetica,arial"><b>',
      made: 0.9,
      says: 'The page is a body template of Traffic Server.',
    },
    { order: 'Date,Connection,Server,Cache-Control,Content-Type,Content-Language,Content-Length', made: 0.5 },
    {
      reason:
        /^(Cannot find server\.|Server Hangup|Next Hop Connection Failed|Tunnel Connection Failed|Malformed Server Response( Status)?|Not Found on Accelerator|Maximum Transaction Time Exceeded|Origin server congested|Host Header Required|Multi-Hop Cycle Detected|Tunnel Forbidden)$/,
      made: 0.6,
    },
  ],
  version: [
    { field: 'server', matches: /^ATS\/([\d.]{1,12})/ },
    { field: 'via', matches: /\(ApacheTrafficServer\/([\d.]{1,12})/ },
  ],
  readings: [
    {
      reason: /^Connection refused/i,
      causes: ['connection_refused'],
      says: 'the origin refused the connection',
    },
    {
      status: [500, 502, 503, 504],
      reason: /^(Cannot find server|Unknown Host)/i,
      causes: ['dns_error'],
      says: 'the name of the origin does not resolve',
    },
    {
      reason: /^(connect failed|Tunnel Connection Failed|Next Hop Connection Failed)$/i,
      slow: true,
      causes: ['connection_timeout', 'tls_protocol_error', 'connection_refused', 'destination_unavailable'],
      says: 'no connection to the origin in time',
    },
    {
      reason: /^connect failed$/i,
      causes: [
        'tls_protocol_error',
        'connection_refused',
        'destination_unavailable',
        'connection_terminated',
      ],
      says: 'the connection was opened and lost at once, as in a failed TLS handshake',
    },
    {
      reason: /^(Tunnel|Next Hop) Connection Failed$/i,
      causes: ['destination_unavailable'],
      says: 'no connection to the destination',
    },
    {
      reason: /^(No route to host|Network is unreachable)/i,
      causes: ['destination_ip_unroutable'],
      says: 'there is no route to the origin',
    },
    {
      reason: /^Server Hangup$/i,
      causes: ['http_protocol_error', 'connection_terminated'],
      says: 'the origin closed the connection in the middle of its answer',
    },
    {
      reason: /^Malformed Server Response/i,
      causes: ['connection_terminated', 'http_protocol_error'],
      says: 'the origin closed without an answer, or its status line is none',
    },
    {
      reason: /^(Invalid HTTP Response|No Response Header From Server)$/i,
      causes: ['http_protocol_error', 'http_response_header_section_size'],
      says: 'the answer of the origin cannot be parsed',
    },
    {
      status: 504,
      body: 'inactivity timeout',
      causes: ['http_response_timeout'],
      says: 'the origin fell silent',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the origin let the inactivity or connect time-out run out',
    },
    {
      reason: /^Connection timed out$/i,
      causes: ['connection_timeout', 'http_response_timeout'],
      says: 'the origin did not accept the connection in time',
    },
    {
      status: [400, 502, 508],
      reason: /(cycle|loop) detected/i,
      causes: ['proxy_loop_detected'],
      says: 'the request comes back to this proxy',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      reason: /^Not Found on Accelerator$/i,
      causes: ['destination_not_found'],
      says: 'no remap rule takes this host',
      link: 'gateway',
      party: 'gateway_operator',
      operator: 'Add the host to remap.config.',
    },
    {
      reason: /^(No valid server|Origin server congested|Next Hop Congested)/i,
      causes: ['connection_refused', 'destination_unavailable', 'connection_limit_reached'],
      says: 'every address of the origin is marked down or congested',
    },
    {
      status: 403,
      reason: /^Tunnel Forbidden$/,
      causes: ['http_request_denied', 'proxy_loop_detected'],
      says: 'CONNECT to this port or place is forbidden',
    },
    {
      status: [401, 403, 407, 429],
      causes: ['http_request_denied'],
      says: 'a rule of Traffic Server denies the request',
    },
    {
      status: 400,
      protocol: 'HTTP/1.1',
      reason: /^Invalid HTTP Request$/,
      causes: ['http_protocol_error', 'http_request_error'],
      says: 'a message on its way, request or answer, is no valid HTTP',
      link: 'upstream',
      party: 'site_operator',
    },
    {
      status: [400, 405, 408, 411, 413, 414, 431, 501, 505],
      causes: ['http_request_error'],
      says: 'Traffic Server refused the request as it came',
    },
    {
      status: 502,
      body: 'could not connect',
      causes: [
        'tls_certificate_error',
        'tls_protocol_error',
        'connection_refused',
        'destination_unavailable',
        'connection_terminated',
      ],
      says: 'no connection to the origin; without a reason phrase it is mostly TLS',
    },
    {
      status: 502,
      causes: ['http_protocol_error', 'connection_terminated', 'http_response_header_section_size'],
      says: 'the answer of the origin is unusable',
    },
    {
      status: [500, 503],
      causes: ['connection_refused', 'destination_unavailable', 'dns_error', 'proxy_internal_error'],
      says: 'Traffic Server could not get to the origin',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no remap rule takes this',
      link: 'gateway',
      party: 'gateway_operator',
    },
  ],
  source: 'trafficserver: src/proxy/http/HttpTransact.cc, configs/body_factory/default',
  examples: [
    {
      raw: 'HTTP/1.1 502 Connection refused\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nConnection: close\r\nServer: ATS/9.2.3\r\nCache-Control: no-store\r\nContent-Type: text/html\r\nContent-Language: en\r\nContent-Length: 247\r\n\r\n<HTML>\n<HEAD>\n<TITLE>Could Not Connect</TITLE>\n</HEAD>\n\n<BODY BGCOLOR="white" FGCOLOR="black">\n<H1>Could Not Connect</H1>\n<HR>\n\n<FONT FACE="Helvetica,Arial"><B>\nDescription: Could not connect to the requested server host.\n</B></FONT>\n<HR>\n</BODY>\n',
      causes: ['connection_refused'],
    },
  ],
} satisfies Fingerprint
