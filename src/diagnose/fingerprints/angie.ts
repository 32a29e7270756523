// Angie: a fork of nginx, with its own footer.
import type { Fingerprint } from '../fingerprint.ts'
import { NGINX_FAMILY_READINGS } from '../nginx-family.ts'

export default {
  id: 'angie',
  name: 'Angie',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { body: '<hr><center>Angie', made: 0.97, says: 'The page ends with the footer of Angie.' },
    { field: ['server', /^Angie(\/|$)/i], seen: 0.92, made: 0.25 },
  ],
  version: [
    { body: '<hr><center>Angie', matches: /Angie\/([\d.]{1,16})/i },
    { field: 'server', matches: /^Angie\/([\d.]{1,16})/i },
  ],
  readings: NGINX_FAMILY_READINGS,
  source: 'webserver-llc/angie',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: Angie\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 150\r\nConnection: close\r\n\r\n<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>Angie</center>\r\n</body>\r\n</html>\r\n',
      causes: ['connection_terminated', 'connection_refused', 'destination_unavailable'],
    },
  ],
} satisfies Fingerprint
