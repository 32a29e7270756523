// F5 BIG-IP: pool cookies, the ASM block page with a support id (often with status 200).
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'f5-bigip',
  name: 'F5 BIG-IP',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { cookie: /^BIGipServer[\w.~-]{1,80}=/, seen: 0.95 },
    { field: ['server', /^(BigIP|BIG-IP)$/], seen: 0.9, made: 0.6 },
    { field: ['x-cnection'], seen: 0.7 },
    { cookie: /^TS[0-9a-f]{6,8}=/, seen: 0.7 },
    { body: 'the requested url was rejected. please consult with your administrator.', made: 0.95 },
    { body: 'your support id is:', made: 0.6 },
  ],
  readings: [
    {
      body: 'the requested url was rejected',
      causes: ['http_request_denied'],
      says: 'the application firewall blocks the request',
      link: 'gateway',
      party: 'gateway_operator',
      operator: 'Search the ASM event log for the support id of the page.',
    },
    {
      status: [502, 503, 504],
      causes: ['connection_refused', 'destination_unavailable', 'connection_terminated'],
      says: 'no pool member is available (mostly told by a TCP reset instead)',
    },
    {
      causes: ['http_request_denied', 'proxy_internal_response'],
      says: 'the BIG-IP answered by itself',
      link: 'gateway',
      party: 'gateway_operator',
    },
  ],
  source: 'wafw00f; resets unverified',
  examples: [
    {
      raw: 'HTTP/1.1 403 Forbidden\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 179\r\n\r\n<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 1234567890</body></html>',
      causes: ['http_request_denied'],
    },
  ],
} satisfies Fingerprint
