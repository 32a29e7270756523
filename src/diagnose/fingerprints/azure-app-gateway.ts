// Azure Application Gateway: pages of nginx with its own name in the footer.
import type { Fingerprint } from '../fingerprint.ts'
import { NGINX_FAMILY_READINGS } from '../nginx-family.ts'

export default {
  id: 'azure-app-gateway',
  name: 'Azure Application Gateway',
  role: 'gateway',
  builtOn: ['nginx'],
  fixedBy: 'gateway_operator',
  clues: [
    {
      body: '<hr><center>Microsoft-Azure-Application-Gateway',
      made: 0.97,
      says: 'The page ends with the footer of Azure Application Gateway.',
    },
    { field: ['server', /^Microsoft-Azure-Application-Gateway(\/|$)/i], seen: 0.92, made: 0.25 },
    { field: ['server', /^Microsoft-Azure-Application-Gateway\/v\d/], made: 0.9 },
    { cookie: /^ApplicationGatewayAffinity(CORS)?=/, seen: 0.8 },
  ],
  readings: NGINX_FAMILY_READINGS,
  source: 'azure-docs: application-gateway/http-response-codes.md',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: Microsoft-Azure-Application-Gateway\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 180\r\nConnection: close\r\n\r\n<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>Microsoft-Azure-Application-Gateway</center>\r\n</body>\r\n</html>\r\n',
      causes: ['connection_terminated', 'connection_refused', 'destination_unavailable'],
    },
  ],
} satisfies Fingerprint
