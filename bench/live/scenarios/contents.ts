// Wrong 200s: error pages, nothing, placeholders, parked domains, pages of the network; and what the user expected.
import { existsSync } from 'node:fs'
import type { Cause, Party } from '../../../src/model/diagnosis.ts'
import type { LiveOptions } from '../options.ts'
import { apache, nginx } from '../programs.ts'
import { ownLeg, type Scenario, type Truth } from '../scenario.ts'
import { forMethod, page, SHOP, shop, type World } from '../world.ts'

const WRONG = 'wrong 200'
const EXPECTED = 'not what was expected'

/** A good status that hides a failure of the site. */
function wrong(cause: Cause | readonly Cause[], more: Partial<Truth> = {}): Truth {
  return ownLeg(['content', 'origin', 'gateway', 'upstream'], cause, ['site_operator', 'gateway_operator'], {
    outcomes: ['down', 'degraded'],
    ...more,
  })
}

function body(name: string, text: string, truth: Truth, fields: string[] = [], quick = false): Scenario {
  return {
    group: WRONG,
    name,
    truth,
    ...(quick ? { quick: true as const } : {}),
    run: async (world) => {
      const site = await world.site(({ method }) => forMethod(method, page(200, text, ...fields)))
      return world.check(`http://127.0.0.1:${site.port}/`)
    },
  }
}

function expected(
  name: string,
  truth: Truth,
  options: LiveOptions,
  text = SHOP,
  fields: string[] = [],
  quick = false,
): Scenario {
  return {
    group: EXPECTED,
    name,
    truth,
    ...(quick ? { quick: true as const } : {}),
    run: async (world) => {
      const site = await world.site(({ method }) => forMethod(method, page(200, text, ...fields)))
      return world.check(`http://127.0.0.1:${site.port}/`, options)
    },
  }
}

const content = (cause: Cause, more: Partial<Truth> = {}): Truth =>
  ownLeg(['content', 'origin'], cause, 'site_operator', more)

const NETWORK: { links: Truth['links']; parties: readonly Party[] } = {
  links: ['network', 'you', 'proxy', 'content', 'gateway'],
  parties: ['access_provider', 'visitor', 'network_operator', 'gateway_operator'],
}

const NGINX_PAGE = '/usr/share/nginx/html/index.html'
const APACHE_PAGES = '/usr/share/apache2/default-site'

const NGINX_502 =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n'

export const CONTENT_SCENARIOS: Scenario[] = [
  {
    group: WRONG,
    name: 'nginx turns its 502 into a 200 (error_page 502 =200), nothing listens behind it',
    needs: ['nginx'],
    truth: wrong(['error_page_in_success', 'connection_refused', 'destination_unavailable'], {
      generator: ['nginx'],
      tellable: false,
    }),
    quick: true,
    run: async (world: World) => {
      const dead = await world.deadPort()
      const port = await world.program(
        nginx(
          ({ port: at }) => `server { listen 127.0.0.1:${at}; error_page 502 =200 @sorry;
            location @sorry { return 200 "${NGINX_502.replaceAll('\r\n', '')}"; }
            location / { proxy_pass http://127.0.0.1:${dead}; } }`,
        ),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  body(
    'an error page of nginx with status 200',
    NGINX_502,
    wrong('error_page_in_success', { generator: ['nginx'], tellable: false }),
    ['Server: nginx/1.22.1'],
  ),
  body(
    'WordPress without its database, status 200',
    '<!DOCTYPE html>\n<html><head><title>Database Error</title></head><body><h1>Error establishing a database connection</h1></body></html>',
    wrong('error_page_in_success', { tellable: false }),
  ),
  body(
    'a fatal error of PHP at the end of half a page',
    `${SHOP.slice(0, 180)}<br />\n<b>Fatal error</b>:  Uncaught Error: Call to undefined function price() in /var/www/shop/index.php:31\nStack trace:\n#0 {main}\n  thrown in <b>/var/www/shop/index.php</b> on line <b>31</b><br />\n`,
    wrong('error_page_in_success', { tellable: false, generator: null }),
    ['X-Powered-By: PHP/8.2.7'],
  ),
  body(
    'a 503 page of Apache within a 200 body that it had begun',
    `${SHOP.slice(0, 180)}<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>503 Service Unavailable</title>\n</head><body>\n<h1>Service Unavailable</h1>\n<p>The server is temporarily unable to service your\nrequest due to maintenance downtime or capacity\nproblems. Please try again later.</p>\n<hr>\n<address>Apache/2.4.57 (Debian) Server at shop.test Port 80</address>\n</body></html>\n`,
    wrong(['error_page_in_success', 'http_response_incomplete', 'connection_terminated'], {
      generator: ['apache-httpd'],
      tellable: false,
    }),
    ['Server: Apache/2.4.57 (Debian)'],
    true,
  ),
  // What belongs there nobody knows, so a remark is all that may be said.
  body(
    'nothing at all',
    '',
    wrong('empty_success', { tellable: false, outcomes: ['down', 'degraded', 'up'] }),
  ),
  {
    group: WRONG,
    name: 'the welcome page of a fresh nginx',
    needs: ['nginx'],
    truth: wrong('placeholder_page', { generator: ['nginx'], tellable: false }),
    run: async (world: World) => {
      if (!existsSync(NGINX_PAGE)) throw new Error(`${NGINX_PAGE} is missing: it comes with nginx`)
      const port = await world.program(
        nginx(({ port: at }) => `server { listen 127.0.0.1:${at}; root /usr/share/nginx/html; }`),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  {
    group: WRONG,
    name: 'the welcome page of a fresh Apache on Debian',
    needs: ['apache2'],
    truth: wrong('placeholder_page', { generator: ['apache-httpd'], tellable: false }),
    run: async (world: World) => {
      if (!existsSync(APACHE_PAGES)) throw new Error(`${APACHE_PAGES} is missing: it comes with apache2`)
      const port = await world.program(
        apache([], () => [
          `DocumentRoot ${APACHE_PAGES}`,
          'DirectoryIndex index.html',
          `<Directory ${APACHE_PAGES}>`,
          'Require all granted',
          '</Directory>',
        ]),
      )
      return world.check(`http://127.0.0.1:${port}/`)
    },
  },
  body(
    'the welcome page of a fresh IIS',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml">\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1" />\n<title>IIS Windows Server</title>\n</head>\n<body>\n<div id="container">\n<a href="http://go.microsoft.com/fwlink/?linkid=66138&amp;clcid=0x409"><img src="iisstart.png" alt="IIS" width="960" height="600" /></a>\n</div>\n</body>\n</html>',
    wrong('placeholder_page', { generator: ['iis', 'http-sys'], tellable: false }),
    ['Server: Microsoft-IIS/10.0'],
  ),
  body(
    'a parked domain',
    '<!doctype html><html><head><title>shop.test</title><script src="https://www.parkingcrew.net/assets/scripts/js3.js"></script></head><body><p>This domain may be for sale. <a href="/offer">Make an offer</a></p><div>Related links: Shoes - Cheap shoes - Running shoes</div></body></html>',
    wrong('parked_domain', {
      links: ['content', 'dns', 'origin'],
      parties: ['site_operator', 'dns_operator'],
      tellable: false,
    }),
  ),
  body(
    'the block page of a firewall on the way (FortiGuard)',
    '<!DOCTYPE html><html><head><meta charset="UTF-8"><title>Web Page Blocked</title></head><body><div class="message-container"><div class="logo"></div><h1>FortiGuard Intrusion Prevention - Access Blocked</h1><h3>Web Page Blocked</h3><p>The page you have requested has been blocked because the URL is banned. FortiGate Application Control</p></div></body></html>',
    wrong(['access_blocked', 'http_request_denied'], {
      ...NETWORK,
      generator: ['fortinet'],
      tellable: false,
    }),
  ),
  {
    group: WRONG,
    name: 'a captive portal leads to its login page',
    truth: wrong(['captive_portal', 'access_blocked'], {
      ...NETWORK,
      outcomes: ['down', 'degraded', 'unknown'],
      generator: ['captive-portal'],
      tellable: false,
    }),
    run: async (world: World) => {
      const portal = await world.site(({ target }) =>
        target.startsWith('/login')
          ? page(
              200,
              '<html><head><title>Hotel WiFi Login</title></head><body><form action="/cgi-bin/login" method="post"><h1>Welcome to the hotel</h1><p>Please accept the terms to get internet access</p><input name="room"><input type="submit" value="Connect"></form></body></html>',
            )
          : page(
              302,
              '',
              `Location: http://login.hotspot.test:${portal.port}/login?orig=http://www.shop.test/`,
            ),
      )
      const resolver = await world.names({
        'www.shop.test': ['127.0.0.1'],
        'login.hotspot.test': ['127.0.0.1'],
      })
      return world.check(`http://www.shop.test:${portal.port}/`, { resolvers: [resolver] })
    },
  },
  expected(
    'the check word is missing',
    content('text_missing'),
    { expect: { text: ['Sandals'] } },
    SHOP,
    [],
    true,
  ),
  expected('an unwanted word is there', content('text_unwanted'), { expect: { rejectText: ['umbrellas'] } }),
  expected(
    'JSON says that the database is down',
    content('json_mismatch'),
    { expect: { json: [{ path: 'database.status', value: 'up' }] } },
    '{"database":{"status":"down"},"version":"4.1"}',
    ['Content-Type: application/json'],
  ),
  {
    group: EXPECTED,
    name: 'slower than wanted',
    truth: ownLeg(['origin', 'content', 'network'], 'too_slow', ['site_operator', 'network_operator'], {
      outcomes: ['degraded'],
    }),
    run: async (world) => {
      const port = await world.app((_request, response) => {
        setTimeout(() => response.setHeader('Content-Type', 'text/html').end(SHOP), 400)
      })
      return world.check(`http://127.0.0.1:${port}/`, { expect: { maxMs: 150 } })
    },
  },
  {
    group: EXPECTED,
    name: 'the page is good, but one of its statuses was asked for (201)',
    truth: content('status_unaccepted', {
      links: ['content', 'origin', 'monitor', 'you'],
      parties: ['site_operator', 'monitor_operator', 'visitor'],
    }),
    run: async (world) => {
      const site = await world.site((request) => shop(request))
      return world.check(`http://127.0.0.1:${site.port}/`, { expect: { status: [[201, 201]] } })
    },
  },
]
