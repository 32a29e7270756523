// Tengine of Alibaba: nginx with its own footer, or a page that names the internal host.
import type { Fingerprint } from '../fingerprint.ts'
import { NGINX_FAMILY_READINGS } from '../nginx-family.ts'

export default {
  id: 'tengine',
  name: 'Tengine',
  role: 'gateway',
  builtOn: ['alibaba-cdn'],
  fixedBy: 'gateway_operator',
  clues: [
    { body: '<hr><center>tengine', made: 0.97, says: 'The page ends with the footer of Tengine.' },
    { field: ['server', /^Tengine(\/|$)/i], seen: 0.92, made: 0.25 },
    { body: 'powered by tengine', made: 0.9 },
  ],
  version: [
    { body: '<hr><center>tengine', matches: /tengine\/([\d.]{1,16})/i },
    { field: 'server', matches: /^Tengine\/([\d.]{1,16})/i },
  ],
  readings: NGINX_FAMILY_READINGS,
  source: 'alibaba/tengine: src/http/ngx_http_special_response.c',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: tengine\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 152\r\nConnection: close\r\n\r\n<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>tengine</center>\r\n</body>\r\n</html>\r\n',
      causes: ['connection_terminated', 'connection_refused', 'destination_unavailable'],
    },
  ],
} satisfies Fingerprint
