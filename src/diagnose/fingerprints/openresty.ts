// OpenResty: nginx with Lua, under many API gateways and CDNs.
import type { Fingerprint } from '../fingerprint.ts'
import { NGINX_FAMILY_READINGS } from '../nginx-family.ts'

export default {
  id: 'openresty',
  name: 'OpenResty',
  role: 'gateway',
  builtOn: ['kong'],
  fixedBy: 'gateway_operator',
  clues: [
    { body: '<hr><center>openresty', made: 0.97, says: 'The page ends with the footer of OpenResty.' },
    { field: ['server', /^(ngx_)?openresty(\/|$)/i], seen: 0.92, made: 0.25 },
  ],
  version: [
    { body: '<hr><center>openresty', matches: /openresty\/([\d.]{1,16})/i },
    { field: 'server', matches: /^(ngx_)?openresty\/([\d.]{1,16})/i },
  ],
  readings: NGINX_FAMILY_READINGS,
  source: 'openresty: patches/nginx',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nServer: openresty\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: 154\r\nConnection: close\r\n\r\n<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n',
      causes: ['connection_terminated', 'connection_refused', 'destination_unavailable'],
    },
  ],
} satisfies Fingerprint
