// Sites that are fine: many servers, fields, codings and odd pages, some of which talk about errors. No alarm is right.
import { once } from 'node:events'
import { createSecureServer } from 'node:http2'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { GATEWAYS, type GatewayName } from '../../../test/lab/gateways.ts'
import { issue } from '../../../test/world/certificates.ts'
import { a, cname, zone } from '../../../test/world/dns-server.ts'
import { httpProxy, socksProxy } from '../../../test/world/proxy-server.ts'
import { listenOn } from '../../../test/world/tcp-server.ts'
import type { LiveOptions } from '../options.ts'
import type { Scenario } from '../scenario.ts'
import { forMethod, page, SHOP, shop, type World } from '../world.ts'

const html = (title: string, body: string): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>\n<body>${body}</body></html>\n`
const filler =
  '<p>Every visitor sees only the last link of the chain, and the last link seldom broke.</p>'.repeat(12)

/** Odd pages that are what their makers wanted. */
const PAGES: Record<string, [body: string, type?: string]> = {
  'a shop': [SHOP],
  'an article on 502 errors that quotes the page of nginx': [
    html(
      'How to fix a 502 Bad Gateway',
      `<h1>How to fix a 502 Bad Gateway</h1>${filler}<pre>&lt;html&gt;\n&lt;head&gt;&lt;title&gt;502 Bad Gateway&lt;/title&gt;&lt;/head&gt;\n&lt;center&gt;&lt;h1&gt;502 Bad Gateway&lt;/h1&gt;&lt;/center&gt;\n&lt;hr&gt;&lt;center&gt;nginx/1.22.1&lt;/center&gt;</pre>${filler}`,
    ),
  ],
  'an article that quotes it without escaping': [
    html(
      'nginx error pages explained',
      `<article><h1>nginx error pages explained</h1>${filler}<div class="screenshot"><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></div>${filler}</article>`,
    ),
  ],
  'the page of a dictionary on 502': [
    html(
      '502 Bad Gateway - HTTP | Reference',
      `<h1>502 Bad Gateway</h1><p>The HTTP <code>502 Bad Gateway</code> server error response status code indicates that a server was acting as a gateway or proxy and that it received an invalid response from the upstream server.</p>${filler}`,
    ),
  ],
  'a forum thread with Apache errors': [
    html(
      'Proxy Error with Tomcat? - Forum',
      `<h1>Proxy Error with Tomcat?</h1><p>I get: The proxy server received an invalid response from an upstream server. Reason: Error reading from remote server. Apache/2.4.57 (Debian) Server at localhost Port 80</p>${filler}<p>Check your ProxyPass.</p>`,
    ),
  ],
  'an article on the welcome page of nginx': [
    html(
      'Installing nginx',
      `<h1>Installing nginx</h1>${filler}<p>You will see the page "Welcome to nginx!".</p>`,
    ),
  ],
  'an article on the default page of Apache': [
    html(
      'Setting up Apache',
      `<h1>Setting up Apache</h1>${filler}<p>A page titled "It works!" greets you: Apache2 Debian Default Page.</p>`,
    ),
  ],
  'a status page with old incidents': [
    html(
      'Status',
      `<h1>All systems operational</h1><ul><li>12 Nov: elevated rate of 502 and 503 errors (resolved)</li><li>3 Nov: API returned 504 Gateway Time-out (resolved)</li></ul>${filler}`,
    ),
  ],
  'a blog on WordPress and its database error': [
    html(
      'Error establishing a database connection: five remedies',
      `<h1>Error establishing a database connection: five remedies</h1>${filler}`,
    ),
  ],
  'a manual of PHP with a fatal error in it': [
    html(
      'PHP: errors',
      `<h1>Errors</h1>${filler}<pre>Fatal error: Uncaught Error: Call to undefined function foo() in index.php:3</pre>${filler}`,
    ),
  ],
  'news on domains for sale': [
    html('Domain news', `<h1>Domain news</h1><p>The famous domain is for sale again.</p>${filler}`),
  ],
  'a car park': [
    html('Parking in the centre', `<h1>Parking</h1><p>Park your car from 2 euros an hour.</p>${filler}`),
  ],
  'a login page of its own': [
    html(
      'Sign in',
      '<form method="post" action="/login"><h1>Sign in</h1><input name="user"><input name="password" type="password"><button>Sign in</button></form>',
    ),
  ],
  'an article on captive portals': [
    html(
      'Captive portals',
      `<h1>Captive portals</h1><p>You must log in to the network before you can use it.</p>${filler}`,
    ),
  ],
  'an article on blocked pages': [
    html(
      'Web filters',
      `<h1>Web filters at schools</h1><p>"This page has been blocked by your administrator" is what pupils read.</p>${filler}`,
    ),
  ],
  'the shell of a single-page application': [
    '<!doctype html><html><head><meta charset="utf-8"><title>App</title><script defer src="/app.js"></script></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>',
  ],
  'a page of five bytes': ['hello'],
  'ok in plain text': ['OK\n', 'text/plain'],
  'a page in Japanese': [html('店', '<h1>靴と帽子</h1><p>今日中に発送します。</p>')],
  'a page in Arabic': [html('متجر', '<h1>أحذية وقبعات</h1>')],
  'JSON of a health check': ['{"status":"ok","checks":{"database":"up","queue":"up"}}', 'application/json'],
  'JSON without errors': ['{"data":[1,2,3],"error":null,"errors":[]}', 'application/json'],
  'JSON tickets that speak of 502': [
    '[{"id":17,"title":"502 Bad Gateway on checkout","state":"closed"},{"id":18,"title":"Service Unavailable","state":"open"}]',
    'application/json',
  ],
  'a log file with errors in it': [
    '10.0.0.1 - - "GET / HTTP/1.1" 502 157\n10.0.0.2 - - "GET /a HTTP/1.1" 503 9\nupstream timed out (110: Connection timed out)\n'.repeat(
      9,
    ),
    'text/plain',
  ],
  'a feed': [
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Ops</title><item><title>Why 504 Gateway Time-out?</title></item></channel></rss>',
    'application/rss+xml',
  ],
  'a CSV of errors': ['time,code\n09:00,502\n09:05,503\n', 'text/csv'],
  'a script': ["console.log('502 Bad Gateway handled')\n", 'text/javascript'],
  'a drawing': ['<svg xmlns="http://www.w3.org/2000/svg"><text>503</text></svg>', 'image/svg+xml'],
  'a picture': [
    '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89',
    'image/png',
  ],
  'a listing of a folder': [
    '<html>\r\n<head><title>Index of /pub/</title></head>\r\n<body>\r\n<h1>Index of /pub/</h1><hr><pre><a href="../">../</a>\r\n<a href="a.zip">a.zip</a></pre><hr></body>\r\n</html>\r\n',
  ],
  'a shop with a note on works next week': [
    html(
      'Shop',
      `<h1>Shop</h1><p>Scheduled maintenance on Sunday from 2 to 4: the shop will be temporarily unavailable.</p>${filler}`,
    ),
  ],
  'a page on TLS with the words of a certificate error': [
    html('TLS', `<h1>certificate has expired</h1><p>What SSL handshake failed means.</p>${filler}`),
  ],
  'the manual of HAProxy on its 503': [
    html(
      'HAProxy manual',
      `<h1>Errors</h1>${filler}<p>503 Service Unavailable: No server is available to handle this request.</p>${filler}`,
    ),
  ],
  'a page that shows Varnish and its meditation': [
    html(
      'Guru Meditation',
      `<h1>On the Guru Meditation</h1><p>Error 503 Backend fetch failed is what Varnish says.</p>${filler}`,
    ),
  ],
}

/** What servers and those before them put into good answers. */
const FIELDS: Record<string, string[]> = {
  nginx: ['Server: nginx/1.27.4', 'ETag: "65f-1a"'],
  Apache: ['Server: Apache/2.4.62 (Debian)', 'Accept-Ranges: bytes'],
  IIS: ['Server: Microsoft-IIS/10.0', 'X-Powered-By: ASP.NET'],
  LiteSpeed: ['Server: LiteSpeed', 'Alt-Svc: h3=":443"'],
  Express: ['X-Powered-By: Express'],
  PHP: ['Server: Apache', 'X-Powered-By: PHP/8.3.1', 'Set-Cookie: PHPSESSID=ab12; path=/'],
  Tomcat: ['Server: Apache-Coyote/1.1', 'Set-Cookie: JSESSIONID=8F3.node1; Path=/'],
  Gunicorn: ['Server: gunicorn'],
  Caddy: ['Server: Caddy'],
  OpenResty: ['Server: openresty'],
  'Varnish, a hit': ['X-Varnish: 32770 3', 'Age: 118', 'Via: 1.1 varnish (Varnish/7.1)', 'X-Cache: HIT'],
  'Varnish, a miss': ['X-Varnish: 5', 'Age: 0', 'Via: 1.1 varnish (Varnish/7.1)', 'X-Cache: MISS'],
  'Squid, a hit': [
    'Via: 1.1 cache.office.test (squid/5.7)',
    'X-Cache: HIT from cache.office.test',
    'Age: 12',
  ],
  Cloudflare: ['Server: cloudflare', 'CF-RAY: 8c1f2a3b4c5d6e7f-FRA', 'CF-Cache-Status: HIT', 'Age: 300'],
  'Cloudflare, dynamic': ['Server: cloudflare', 'CF-RAY: 8c1f2a3b4c5d6e7f-FRA', 'CF-Cache-Status: DYNAMIC'],
  CloudFront: [
    'Via: 1.1 abc.cloudfront.net (CloudFront)',
    'X-Cache: Hit from cloudfront',
    'X-Amz-Cf-Id: Zx9',
  ],
  Fastly: [
    'Via: 1.1 varnish, 1.1 varnish',
    'X-Served-By: cache-fra-eddf1',
    'X-Cache: MISS, HIT',
    'X-Cache-Hits: 0, 3',
  ],
  Akamai: ['Server: AkamaiGHost', 'X-Cache: TCP_HIT from a23-1', 'X-Akamai-Request-ID: 1a2b'],
  Envoy: ['server: envoy', 'x-envoy-upstream-service-time: 12'],
  'Istio in front of an app': [
    'server: istio-envoy',
    'x-envoy-upstream-service-time: 3',
    'x-envoy-decorator-operation: shop.default',
  ],
  Kong: ['Via: kong/3.4.2', 'X-Kong-Upstream-Latency: 8', 'X-Kong-Proxy-Latency: 1'],
  Heroku: ['Server: Cowboy', 'Via: 1.1 vegur'],
  Vercel: ['Server: Vercel', 'X-Vercel-Id: fra1::abc', 'X-Vercel-Cache: HIT', 'Age: 70'],
  Netlify: ['Server: Netlify', 'X-Nf-Request-Id: 01J', 'Age: 5'],
  'GitHub Pages': [
    'Server: GitHub.com',
    'X-GitHub-Request-Id: 8A:1',
    'X-Served-By: cache-fra-1',
    'Via: 1.1 varnish',
  ],
  S3: ['Server: AmazonS3', 'x-amz-request-id: 4442', 'x-amz-id-2: ab=='],
  'Google front end': ['Server: gws', 'X-XSS-Protection: 0'],
  'Cache-Status, a hit': ['Cache-Status: "edge-3"; hit; ttl=40'],
  'Proxy-Status without an error': ['Proxy-Status: edge.shop.test; received-status=200; next-hop="app1"'],
  'Server-Timing': ['Server-Timing: cdn-cache;desc=HIT, edge;dur=3, origin;dur=0'],
  'an own field for the backend': ['X-Backend: app7', 'X-Response-Time: 12ms', 'X-Request-Id: 5f0c'],
  'security fields': [
    'Strict-Transport-Security: max-age=31536000',
    "Content-Security-Policy: default-src 'self'",
    'X-Frame-Options: DENY',
  ],
}

interface Healthy {
  needs?: readonly string[]
  quick?: true
  run: Scenario['run']
}

function healthy(name: string, { needs, quick, run }: Healthy): Scenario {
  return {
    group: 'healthy',
    name,
    ...(needs ? { needs } : {}),
    ...(quick ? { quick } : {}),
    truth: null,
    run,
  }
}

/** A site that gives this answer to every path. */
function answers(
  name: string,
  answer: string,
  options: LiveOptions = {},
  path = '',
  quick = false,
): Scenario {
  return healthy(name, {
    ...(quick ? { quick: true as const } : {}),
    run: async (world) => {
      const site = await world.site(({ method }) => forMethod(method, answer))
      return world.check(`http://127.0.0.1:${site.port}/${path}`, options)
    },
  })
}

/** Text as the bytes of UTF-8, one character a byte, as the hand-written answers are. */
const bytesOf = (text: string): string => Buffer.from(text).toString('latin1')

function coded(coding: string, body: string): string {
  const encode = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }[coding] ?? gzipSync
  return page(200, encode(Buffer.from(body)).toString('latin1'), `Content-Encoding: ${coding}`)
}

function chunked(body: string, size: number): string {
  const bytes = bytesOf(body)
  let framed = ''
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.slice(at, at + size)
    framed += `${part.length.toString(16)}\r\n${part}\r\n`
  }
  return `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n${framed}0\r\n\r\n`
}

const ARTICLE = 'an article on 502 errors that quotes the page of nginx'
const textOf = (name: string): string => PAGES[name]?.[0] ?? ''
const ALWAYS: LiveOptions = { drill: { when: 'always' } }

const pages = Object.entries(PAGES).flatMap(([name, [body, type]], index) => {
  const picture = type === 'image/png'
  const text = picture ? body : bytesOf(body)
  const typed = type === undefined ? [] : [`Content-Type: ${type}`]
  const fields = Object.values(FIELDS)[index % Object.keys(FIELDS).length] ?? []
  return [
    answers(name, page(200, text, ...typed), {}, '', index < 4),
    answers(`${name}, with the looks of a failing check`, page(200, text, ...typed, ...fields), ALWAYS),
  ]
})

const servers = Object.entries(FIELDS).flatMap(([name, fields]) => [
  answers(`the shop as ${name} sends it`, page(200, SHOP, ...fields)),
  answers(`an article on errors as ${name} sends it`, page(200, bytesOf(textOf(ARTICLE)), ...fields)),
])

const codings = ['gzip', 'deflate', 'br'].flatMap((coding) =>
  ['a shop', ARTICLE, 'JSON of a health check', 'a page in Japanese'].map((name) =>
    answers(`${name} in ${coding}`, coded(coding, textOf(name))),
  ),
)

const framings = ['a shop', ARTICLE, 'a forum thread with Apache errors'].flatMap((name) => [
  answers(`${name} in one chunk`, chunked(textOf(name), 100_000)),
  answers(`${name} in chunks of 50 bytes`, chunked(textOf(name), 50)),
  answers(
    `${name} until the connection closes`,
    `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n${bytesOf(textOf(name))}`,
  ),
  answers(
    `${name} by HTTP/1.0`,
    `HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n${bytesOf(textOf(name))}`,
  ),
])

const statuses = [
  answers('204 without content', 'HTTP/1.1 204 No Content\r\nServer: nginx\r\n\r\n'),
  answers('201 with JSON', page(201, '{"id":7}', 'Content-Type: application/json')),
  answers('202 accepted', page(202, '{"queued":true}', 'Content-Type: application/json')),
  answers('206 of a range', page(206, 'part', 'Content-Range: bytes 0-3/900', 'Content-Type: text/plain')),
  answers('an empty 200 of a health path', page(200, '', 'Content-Type: text/plain'), {}, 'healthz'),
  answers('pong', page(200, 'pong', 'Content-Type: text/plain'), {}, 'ping'),
  answers('HEAD', page(200, SHOP), { method: 'HEAD' }),
  answers('OPTIONS', page(204, '', 'Allow: GET, HEAD, OPTIONS'), { method: 'OPTIONS' }),
  answers('POST', page(200, '{"paid":true}', 'Content-Type: application/json'), {
    method: 'POST',
    body: Buffer.from('pay=1'),
  }),
  answers('401 that was expected', page(401, '<h1>Login</h1>', 'WWW-Authenticate: Basic realm="staff"'), {
    expect: { status: [[401, 401]] },
  }),
  answers('404 that was expected', page(404, '<h1>Gone</h1>'), { expect: { status: [[404, 404]] } }),
  answers('503 that was expected, a site closed on purpose', page(503, '<h1>Closed in winter</h1>'), {
    expect: { status: [[503, 503]] },
  }),
  answers('304 that was expected', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', {
    fields: [['If-None-Match', '"a"']],
    expect: { status: [[304, 304]] },
  }),
  answers('the check word is there', page(200, SHOP), { expect: { text: ['umbrellas'] } }),
  answers('no unwanted word is there', page(200, SHOP), { expect: { rejectText: ['Error'] } }),
  answers('the JSON is as wanted', page(200, '{"a":{"b":1}}', 'Content-Type: application/json'), {
    expect: { json: [{ path: 'a.b', value: 1 }] },
  }),
  answers('fast enough', page(200, SHOP), { expect: { maxMs: 5_000 } }),
  answers(
    '103 and then 200',
    `HTTP/1.1 103 Early Hints\r\nLink: </main.css>; rel=preload\r\n\r\n${page(200, SHOP)}`,
  ),
  answers('a page of 700 kB', page(200, html('Long', filler.repeat(600)))),
  answers(
    'two hundred fields',
    page(200, SHOP, ...Array.from({ length: 200 }, (_, index) => `X-F${index}: ${index}`)),
  ),
]

const redirectsTo = [301, 302, 303, 307, 308].map((status) =>
  healthy(`${status} to the front page`, {
    run: async (world) => {
      const site = await world.site((request) =>
        request.target === '/old' ? page(status, '', 'Location: /') : shop(request),
      )
      return world.check(`http://127.0.0.1:${site.port}/old`)
    },
  }),
)

async function throughTls(
  world: World,
  options: LiveOptions,
  make: (pems: { key: string; cert: string; ca: string }) => Promise<number>,
) {
  const root = issue({ commonName: 'Live Root', ca: true })
  const leaf = issue({ names: ['shop.test'] }, root)
  const port = await make({ key: leaf.keyPem, cert: leaf.pem, ca: root.pem })
  const resolver = await world.names({ 'shop.test': ['127.0.0.1'] })
  return world.check(`https://shop.test:${port}/`, {
    resolvers: [resolver],
    tls: { ca: root.pem },
    ...options,
  })
}

const secure = [
  'a shop',
  ARTICLE,
  'JSON of a health check',
  'a page in Arabic',
  'a listing of a folder',
  'hello',
]
  .flatMap((name) => [2, 1].map((version) => ({ name, version })))
  .map(({ name, version }) =>
    healthy(`${name} over TLS and HTTP/${version}`, {
      run: (world) =>
        throughTls(world, { http: version === 2 ? '2' : '1.1' }, async ({ key, cert }) => {
          const server = createSecureServer({ key, cert, allowHTTP1: true }, (_request, response) => {
            response.setHeader('Content-Type', 'text/html; charset=utf-8')
            response.end(textOf(name) || SHOP)
          })
          const sessions = new Set<{ destroy(): void }>()
          server.on('session', (session) => void sessions.add(session))
          server.listen(0, '127.0.0.1')
          await once(server, 'listening')
          world.ends(() => {
            for (const session of sessions) session.destroy()
            server.close()
          })
          const address = server.address()
          return typeof address === 'object' ? (address?.port ?? 0) : 0
        }),
    }),
  )

const gateways = (Object.keys(GATEWAYS) as GatewayName[]).flatMap((gateway) =>
  [ARTICLE, 'JSON tickets that speak of 502'].map((name) =>
    healthy(`${name} behind a real ${gateway}`, {
      needs: [GATEWAYS[gateway].program],
      ...(gateway === 'nginx' ? { quick: true as const } : {}),
      run: async (world) => {
        const app = await world.app((_request, response) => {
          response.setHeader('Content-Type', PAGES[name]?.[1] ?? 'text/html; charset=utf-8')
          response.end(textOf(name))
        })
        return world.check(`http://127.0.0.1:${await world.gateway(gateway, app)}/`, ALWAYS)
      },
    }),
  ),
)

const ways = [
  healthy('a name with an alias and three addresses', {
    run: async (world) => {
      const ips = ['127.0.0.2', '127.0.0.3', '127.0.0.4']
      const site = await world.site((request) => shop(request), ips)
      const records = { 'www.shop.test': [cname('lb.shop.test')], 'lb.shop.test': ips.map((ip) => a(ip)) }
      const resolver = await world.resolver(zone(records))
      return world.check(`http://www.shop.test:${site.port}/`, { resolvers: [resolver], ...ALWAYS })
    },
  }),
  healthy('IPv6 only', {
    run: async (world) => {
      const site = await world.site((request) => shop(request), ['::1'])
      return world.check(`http://[::1]:${site.port}/`, ALWAYS)
    },
  }),
  healthy('both families', {
    quick: true,
    run: async (world) => {
      const site = await world.site((request) => shop(request), ['127.0.0.1', '::1'])
      const resolver = await world.names({ 'shop.test': ['127.0.0.1', '::1'] })
      return world.check(`http://shop.test:${site.port}/`, { resolvers: [resolver], ...ALWAYS })
    },
  }),
  healthy('through a forward proxy', {
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      const proxy = await httpProxy()
      world.ends(() => proxy.close())
      const url = `http://127.0.0.1:${proxy.port}`
      return world.check(`http://127.0.0.1:${site.port}/`, { proxy: { http: url, https: url, bypass: [] } })
    },
  }),
  healthy('through a SOCKS5 proxy', {
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      const proxy = await socksProxy()
      world.ends(() => proxy.close())
      const url = `socks5://127.0.0.1:${proxy.port}`
      return world.check(`http://127.0.0.1:${site.port}/`, { proxy: { http: url, https: url, bypass: [] } })
    },
  }),
  healthy('asked in vain for HTTP/3 and fine all the same', {
    run: async (world) => {
      const site = await world.site((request) => shop(request, 'Alt-Svc: h3=":443"; ma=86400'))
      return world.check(`http://127.0.0.1:${site.port}/`, ALWAYS)
    },
  }),
  healthy("Node's own server, kept alive, with the looks of a failing check", {
    run: async (world) => {
      const { createServer } = await import('node:http')
      const server = await listenOn(
        createServer((request, response) => {
          response.statusCode = request.url === '/' ? 200 : 404
          response.setHeader('Content-Type', 'text/html').end(SHOP)
        }),
      )
      world.ends(() => server.close())
      return world.check(`http://127.0.0.1:${server.port}/`, ALWAYS)
    },
  }),
]

/** More than two hundred. */
export const HEALTHY_SCENARIOS: Scenario[] = [
  ...pages,
  ...servers,
  ...codings,
  ...framings,
  ...statuses,
  ...redirectsTo,
  ...secure,
  ...gateways,
  ...ways,
]
