// AWS load balancer: Server awselb/2.0 stands only on errors it made itself.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'aws-alb',
  name: 'AWS Application Load Balancer',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^awselb\/2/], seen: 0.92, made: 0.25 },
    {
      field: ['server', /^awselb\/2\.0$/],
      status: [400, 401, 403, 404, 405, 408, 413, 414, 463, 464, 500, 501, 502, 503, 504, 505, 561],
      made: 0.95,
      says: 'Server: awselb/2.0 stands only on answers that the load balancer made.',
    },
    { cookie: /^AWSALB(CORS|TG|TGCORS|APP-\d)?=/, seen: 0.85 },
    { cookie: /^AWSELB(CORS)?=/, seen: 0.8 },
  ],
  version: [{ field: 'server', matches: /^awselb\/([\d.]{1,16})/i }],
  readings: [
    {
      status: 400,
      body: 'request header or cookie too large',
      causes: ['http_request_error'],
      says: 'the request head is too large, mostly because of cookies',
      visitor: 'Delete the cookies of this site and try again.',
    },
    {
      status: [400, 405, 408, 411, 413, 414, 431],
      causes: ['http_request_error'],
      says: 'it refused the request as it came',
    },
    {
      status: [401, 403, 407, 429],
      causes: ['http_request_denied'],
      says: 'a rule of it denies the request',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_timeout'],
      says: 'the target did not accept within 10 s, or not answer within the idle time-out (60 s by default)',
    },
    {
      status: 503,
      causes: ['destination_not_found', 'connection_refused', 'destination_unavailable'],
      says: 'the target group has no registered or usable targets',
    },
    {
      status: 502,
      causes: [
        'connection_terminated',
        'connection_refused',
        'destination_unavailable',
        'http_protocol_error',
        'tls_certificate_error',
        'dns_error',
      ],
      says: 'the target reset or refused the connection, closed it early (keep-alive shorter than the idle time-out), sent a bad or too large header, failed in TLS, or a Lambda failed',
      operator:
        'Access log: target_status_code "-" and elb_status_code 502; compare the keep-alive of the target with the idle time-out of the load balancer.',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no server or location of it takes this host and path',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 500,
      causes: ['proxy_internal_error', 'proxy_loop_detected'],
      says: 'it failed itself: a rewrite cycle, a Lua error, a full disk',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 463,
      causes: ['proxy_loop_detected'],
      says: 'X-Forwarded-For has more than 30 addresses: a loop, or too many proxies',
    },
    {
      status: 464,
      causes: ['http_protocol_error'],
      says: 'the protocol of the request does not fit the target group',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: 501,
      causes: ['http_request_error'],
      says: 'the load balancer does not support this transfer coding',
    },
    {
      status: 505,
      causes: ['http_request_error'],
      says: 'the load balancer does not support this HTTP version',
    },
    { status: 561, causes: ['http_request_denied'], says: 'the identity provider returned an error' },
  ],
  source: 'awsdocs: elb-application-load-balancers-user-guide',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: awselb/2.0\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 122\r\nConnection: close\r\n\r\n<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
      causes: ['connection_terminated', 'connection_refused', 'destination_unavailable'],
    },
  ],
} satisfies Fingerprint
