// A server without a gateway that anybody could see: ports, silence, answers that are none, statuses, redirects.
import { gzipSync } from 'node:zlib'
import type { Answer } from '../../../test/world/http-server.ts'
import { silentAddress } from '../../../test/world/tcp-server.ts'
import { issue } from '../../../test/world/certificates.ts'
import type { LiveOptions } from '../options.ts'
import { apache, nginx } from '../programs.ts'
import { applicationError, ownLeg, type Scenario, type Truth } from '../scenario.ts'
import { forMethod, page, SHOP, shop, type World } from '../world.ts'

const origin = (causes: Truth['causes'][number] | Truth['causes'], more: Partial<Truth> = {}): Truth =>
  ownLeg('origin', causes, 'site_operator', more)

/** Seen by us, but a gateway that nobody sees may stand before it and pass just this on. */
const brokenAnswer = (cause: Truth['causes'][number] | Truth['causes']): Truth =>
  origin(cause, { tellable: false })

/** A server that says the same to everybody. */
function says(
  name: string,
  answer: Answer | string,
  truth: Truth,
  options: LiveOptions = {},
  quick = false,
): Scenario {
  return {
    group: 'the server itself',
    name,
    truth,
    ...(quick ? { quick: true as const } : {}),
    run: async (world) => {
      const site = await world.site(({ method }) =>
        typeof answer === 'string' ? forMethod(method, answer) : answer,
      )
      return world.check(`http://127.0.0.1:${site.port}/`, options)
    },
  }
}

/** A server whose answer depends on where it stands. */
function redirects(name: string, truth: Truth, location: (port: number, target: string) => string): Scenario {
  return {
    group: 'the server itself',
    name,
    truth,
    run: async (world) => {
      const site = await world.site(({ target }) =>
        page(302, '', `Location: ${location(site.port, target)}`, 'Cache-Control: no-store'),
      )
      return world.check(`http://127.0.0.1:${site.port}/`)
    },
  }
}

/** nginx that serves without an upstream. */
function nginxItself(name: string, truth: Truth, server: (folder: string) => string, url = ''): Scenario {
  return {
    group: 'the server itself',
    name,
    needs: ['nginx'],
    truth,
    run: async (world) => {
      const port = await world.program(
        nginx(({ folder, port: at }) => `server { listen 127.0.0.1:${at}; ${server(folder)} }`),
      )
      return world.check(`http://127.0.0.1:${port}/${url}`)
    },
  }
}

/** Any link that a server answering for itself may be called. */
const SERVER: Partial<Truth> = {
  links: ['origin', 'gateway'],
  parties: ['site_operator', 'gateway_operator'],
  tellable: false,
}
const SHORT: LiveOptions = { limits: { totalMs: 2_000 }, drill: { totalMs: 5_000 } }

async function portOfTlsNginx(world: World): Promise<number> {
  const leaf = issue({ names: ['127.0.0.1'] })
  return world.gateway('nginx', 'dead', { certificate: leaf.pem, key: leaf.keyPem })
}

export const DIRECT_SCENARIOS: Scenario[] = [
  {
    group: 'the server itself',
    name: 'nothing listens on the port',
    truth: origin('connect_refused'),
    quick: true,
    run: async (world) => world.check(`http://127.0.0.1:${await world.deadPort()}/`),
  },
  {
    group: 'the server itself',
    name: 'the address swallows every packet',
    truth: ownLeg(['network', 'origin'], 'connect_timed_out', ['network_operator', 'site_operator']),
    run: async (world) => {
      const silent = await silentAddress()
      world.ends(() => silent.close())
      return world.check(`http://127.0.0.1:${silent.port}/`, SHORT)
    },
  },
  says(
    'takes the request and is silent',
    { bytes: '', ending: 'stay' },
    brokenAnswer('answer_timed_out'),
    SHORT,
  ),
  says(
    'closes without a byte',
    { bytes: '', ending: 'close' },
    brokenAnswer('closed_without_answer'),
    {},
    true,
  ),
  says('resets without a byte', { bytes: '', ending: 'reset' }, brokenAnswer('reset_without_answer')),
  says('speaks SSH', 'SSH-2.0-OpenSSH_9.2p1\r\n', brokenAnswer('not_http'), {}, true),
  says('speaks SMTP', '220 mail.shop.test ESMTP Postfix\r\n', brokenAnswer('not_http')),
  says(
    'sends a page without a head',
    '<html><h1>Hello</h1></html>',
    brokenAnswer(['http09_answer', 'not_http']),
  ),
  says('dies within its head', 'HTTP/1.1 200 OK\r\nContent-Ty', brokenAnswer('header_truncated')),
  says(
    'dies within its body',
    page(200, SHOP).replace(/Content-Length: \d+/, 'Content-Length: 50000'),
    brokenAnswer(['body_truncated', 'http_response_incomplete']),
    {},
    true,
  ),
  says(
    'resets within its body',
    { bytes: page(200, SHOP).replace(/Content-Length: \d+/, 'Content-Length: 50000'), ending: 'reset' },
    brokenAnswer(['body_reset', 'connection_terminated', 'http_response_incomplete']),
  ),
  says(
    'stands still within its body',
    { bytes: page(200, SHOP).replace(/Content-Length: \d+/, 'Content-Length: 50000'), ending: 'stay' },
    brokenAnswer(['receive_timed_out', 'http_response_timeout']),
    SHORT,
  ),
  says(
    'sends a chunk size that is none',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n0\r\n\r\n',
    brokenAnswer(['chunk_malformed', 'http_protocol_error', 'http_response_transfer_coding']),
  ),
  says(
    'gives two lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello',
    brokenAnswer(['framing_conflict', 'http_protocol_error']),
  ),
  says(
    'has a status line that is none',
    'HTTP/1.1 OK\r\n\r\n',
    brokenAnswer(['status_line_malformed', 'http_protocol_error']),
  ),
  says(
    'sends fields without end',
    page(200, SHOP, ...Array(700).fill(`X-Filler: ${'x'.repeat(900)}`)),
    brokenAnswer(['header_too_large', 'http_response_header_section_size']),
  ),
  says(
    'says gzip and sends something else',
    page(200, SHOP, 'Content-Encoding: gzip'),
    brokenAnswer(['body_undecodable', 'http_response_content_coding']),
  ),
  says(
    'breaks off its gzip',
    page(200, gzipSync(SHOP.repeat(30)).subarray(0, 150).toString('latin1'), 'Content-Encoding: gzip'),
    brokenAnswer(['body_undecodable', 'http_response_content_coding', 'body_truncated']),
  ),
  redirects(
    'redirects to itself',
    ownLeg(['origin', 'content'], 'redirect_loop', 'site_operator'),
    (port) => `http://127.0.0.1:${port}/`,
  ),
  redirects(
    'redirects further and further',
    ownLeg(['origin', 'content'], 'redirect_limit', 'site_operator'),
    (_port, target) => `${target}x`,
  ),
  redirects(
    'redirects to something that is no web address',
    ownLeg(['origin', 'content'], 'redirect_invalid', 'site_operator'),
    () => 'javascript:void(0)',
  ),
  {
    group: 'the server itself',
    name: 'redirects to a name that does not exist',
    truth: ownLeg(['dns', 'origin'], 'dns_name_not_found', ['site_operator', 'dns_operator']),
    run: async (world) => {
      const resolver = await world.names({ 'shop.test': ['127.0.0.1'] })
      const site = await world.site(() => page(302, '', `Location: http://wwww.shop.test:${site.port}/`))
      return world.check(`http://shop.test:${site.port}/`, { resolvers: [resolver] })
    },
  },
  says(
    'an application answers 500 in JSON',
    page(500, '{"error":"internal","trace":"c0ffee"}', 'Content-Type: application/json'),
    applicationError(),
    {},
    true,
  ),
  says(
    'Express answers 500 with its stack trace',
    page(
      500,
      '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>TypeError: Cannot read properties of undefined (reading &#39;id&#39;)<br> &nbsp; &nbsp;at /app/server.js:12:9</pre>\n</body>\n</html>\n',
      'X-Powered-By: Express',
      "Content-Security-Policy: default-src 'none'",
      'X-Content-Type-Options: nosniff',
    ),
    applicationError({ generator: ['express'], tellable: false }),
  ),
  says(
    'a page for works on the site, with Retry-After',
    page(503, '<h1>We will be back at ten</h1><p>Works on the database.</p>', 'Retry-After: 3600'),
    applicationError({ tellable: false }),
  ),
  says(
    'asks for a login',
    page(401, '<h1>Login</h1>', 'WWW-Authenticate: Basic realm="staff"'),
    ownLeg(
      ['origin', 'you', 'gateway'],
      ['status_unaccepted', 'http_request_denied', 'upstream_error_passed_through'],
      ['visitor', 'site_operator', 'gateway_operator'],
      { tellable: false },
    ),
  ),
  says(
    'has had enough of our requests',
    page(429, '{"message":"rate limit exceeded"}', 'Content-Type: application/json', 'Retry-After: 30'),
    ownLeg(
      ['origin', 'you', 'gateway'],
      [
        'status_unaccepted',
        'http_request_denied',
        'connection_limit_reached',
        'upstream_error_passed_through',
      ],
      ['visitor', 'site_operator', 'gateway_operator'],
      { tellable: false },
    ),
  ),
  {
    group: 'the server itself',
    name: 'one page is missing, the site is fine',
    truth: applicationError({
      links: ['origin', 'content', 'you'],
      tellable: false,
      parties: ['site_operator', 'visitor'],
    }),
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      return world.check(`http://127.0.0.1:${site.port}/old-page`)
    },
  },
  {
    group: 'the server itself',
    name: 'one page answers 500, the site is fine',
    truth: applicationError({ links: ['origin', 'content'] }),
    quick: true,
    run: async (world) => {
      const broken = page(500, '<h1>Ouch</h1><p>The report could not be made.</p>')
      const site = await world.site((request) =>
        request.target.startsWith('/page') ? forMethod(request.method, broken) : shop(request),
      )
      return world.check(`http://127.0.0.1:${site.port}/page`)
    },
  },
  {
    group: 'the server itself',
    name: 'HEAD works, GET answers 500',
    truth: applicationError({ links: ['origin', 'content'] }),
    run: async (world) => {
      const site = await world.site((request) =>
        request.method === 'GET' && /^\/(\?|$)/.test(request.target)
          ? page(500, '{"error":"template not found"}', 'Content-Type: application/json')
          : shop(request),
      )
      return world.check(`http://127.0.0.1:${site.port}/`)
    },
  },
  {
    group: 'the server itself',
    name: 'fails now and then, every third time',
    truth: applicationError({ outcomes: ['degraded'] }),
    run: async (world) => {
      let count = 0
      const site = await world.site((request) =>
        /^\/(\?|$)/.test(request.target) && count++ % 3 === 0
          ? page(500, '{"error":"deadlock detected"}', 'Content-Type: application/json')
          : shop(request),
      )
      return world.check(`http://127.0.0.1:${site.port}/`)
    },
  },
  nginxItself(
    'nginx forbids the page (deny all)',
    origin(['http_request_denied', 'status_unaccepted'], { ...SERVER, generator: ['nginx'] }),
    () => 'location / { deny all; }',
  ),
  nginxItself(
    'nginx has no file for the path',
    origin(['status_unaccepted', 'destination_not_found', 'upstream_error_passed_through'], {
      ...SERVER,
      parties: ['site_operator', 'gateway_operator', 'visitor'],
      generator: ['nginx'],
    }),
    (folder) => `root ${folder};`,
    'old-page.html',
  ),
  nginxItself(
    'nginx runs in circles (rewrite cycle)',
    origin(
      ['proxy_internal_error', 'proxy_configuration_error', 'proxy_loop_detected', 'status_unaccepted'],
      {
        ...SERVER,
        generator: ['nginx'],
      },
    ),
    (folder) =>
      `root ${folder}; location / { try_files $uri /none.html; } location = /none.html { rewrite ^ /x last; }`,
  ),
  nginxItself(
    'nginx closes without a word (return 444)',
    ownLeg(
      ['origin', 'gateway'],
      ['closed_without_answer', 'connection_terminated'],
      ['site_operator', 'gateway_operator'],
      { tellable: false },
    ),
    () => 'return 444;',
  ),
  {
    group: 'the server itself',
    name: 'Apache forbids the page (Require all denied)',
    needs: ['apache2'],
    truth: origin(['http_request_denied', 'status_unaccepted'], { ...SERVER, generator: ['apache-httpd'] }),
    run: async (world) => {
      const port = await world.program(
        apache([], ({ folder }) => [
          `DocumentRoot ${folder}`,
          `<Directory ${folder}>`,
          'Require all denied',
          '</Directory>',
        ]),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: 'the server itself',
    name: 'https on a port that speaks plain HTTP',
    truth: ownLeg(['origin', 'you', 'gateway'], 'tls_not_spoken', [
      'site_operator',
      'visitor',
      'gateway_operator',
    ]),
    quick: true,
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      return world.check(`https://127.0.0.1:${site.port}/`)
    },
  },
  {
    group: 'the server itself',
    name: 'plain http on the TLS port of nginx',
    needs: ['nginx'],
    truth: ownLeg(
      ['origin', 'you', 'gateway'],
      ['http_request_error', 'http_request_denied', 'status_unaccepted'],
      ['site_operator', 'visitor', 'gateway_operator'],
      { tellable: false, generator: ['nginx'] },
    ),
    run: async (world) => world.check(`http://127.0.0.1:${await portOfTlsNginx(world)}/`),
  },
]
