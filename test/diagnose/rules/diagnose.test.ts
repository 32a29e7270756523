// The judgement of whole checks as a table that can be read: what failed, what the looks found, who is named.
import { describe, expect, test } from 'vitest'
import type { Cause, Confidence, Diagnosis, Link, Party } from '../../../src/model/diagnosis.ts'
import { FAILURE_CODES, type FailureCode } from '../../../src/model/failure.ts'
import {
  addresses,
  application,
  cached,
  diagnosed,
  difference,
  direct,
  failing,
  glance,
  hops,
  nginx,
  origin,
  path,
  paths,
  protocols,
  references,
  repetition,
  resolvers,
  timing,
  type World,
} from './evidence.ts'

/** A cause of null: whichever the judge of the single answer holds for the likeliest. */
type Expected = [link: Link, party: Party, confidence: Confidence, cause: Cause | null]

interface Row {
  name: string
  world: World
  expected: Expected
  /** Words that the headline must have. */
  says?: RegExp
  effect?: Diagnosis['effect']
  /** Words of a step for the operator or the visitor. */
  todo?: RegExp
}

const ok = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const NGINX_502 = nginx(502, 'Bad Gateway')
const CDN = {
  resolve: { output: { source: 'dns', aliases: ['d111.cloudfront.net'], asked: ['shop.example.org'] } },
}
const extended = (code: number, name: string): NonNullable<World['seen']> => ({
  resolve: {
    output: { source: 'dns', asked: ['shop.example.org'], extendedErrors: [{ code, name, text: '' }] },
  },
})

/** Every code alone, with no look taken: what the failure by itself allows. */
const ALONE: Record<FailureCode, Expected> = {
  bad_url: ['you', 'visitor', 'certain', 'bad_url'],
  dns_name_not_found: ['dns', 'site_operator', 'likely', 'dns_name_not_found'],
  dns_no_address: ['dns', 'site_operator', 'certain', 'dns_no_address'],
  dns_server_failure: ['dns', 'dns_operator', 'possible', 'dns_server_failure'],
  dns_refused: ['resolver', 'access_provider', 'likely', 'dns_refused'],
  dns_timed_out: ['resolver', 'access_provider', 'possible', 'dns_timed_out'],
  dns_malformed_answer: ['resolver', 'access_provider', 'possible', 'dns_malformed_answer'],
  dns_alias_loop: ['dns', 'dns_operator', 'certain', 'dns_alias_loop'],
  dns_resolver_unreachable: ['resolver', 'access_provider', 'likely', 'dns_resolver_unreachable'],
  address_unusable: ['dns', 'site_operator', 'certain', 'address_unusable'],
  address_forbidden: ['monitor', 'monitor_operator', 'certain', 'address_forbidden'],
  connect_refused: ['origin', 'site_operator', 'certain', 'connect_refused'],
  host_unreachable: ['network', 'network_operator', 'likely', 'host_unreachable'],
  network_unreachable: ['network', 'network_operator', 'likely', 'network_unreachable'],
  connect_timed_out: ['origin', 'site_operator', 'possible', 'connect_timed_out'],
  connect_reset: ['origin', 'site_operator', 'likely', 'connect_reset'],
  proxy_refused: ['proxy', 'access_provider', 'certain', 'proxy_refused'],
  proxy_auth_required: ['proxy', 'visitor', 'certain', 'proxy_auth_required'],
  proxy_denied: ['proxy', 'access_provider', 'certain', 'proxy_denied'],
  proxy_failed: ['upstream', 'site_operator', 'possible', 'proxy_failed'],
  tls_not_spoken: ['origin', 'site_operator', 'certain', 'tls_not_spoken'],
  tls_timed_out: ['origin', 'site_operator', 'possible', 'tls_timed_out'],
  tls_reset: ['origin', 'site_operator', 'possible', 'tls_reset'],
  tls_closed: ['origin', 'site_operator', 'likely', 'tls_closed'],
  tls_version_unsupported: ['origin', 'site_operator', 'certain', 'tls_version_unsupported'],
  tls_no_shared_cipher: ['origin', 'site_operator', 'certain', 'tls_no_shared_cipher'],
  tls_unrecognized_name: ['origin', 'site_operator', 'certain', 'tls_unrecognized_name'],
  tls_client_certificate_required: ['origin', 'visitor', 'certain', 'tls_client_certificate_required'],
  tls_no_application_protocol: ['origin', 'site_operator', 'certain', 'tls_no_application_protocol'],
  tls_alert: ['origin', 'site_operator', 'likely', 'tls_alert'],
  certificate_expired: ['origin', 'site_operator', 'certain', 'certificate_expired'],
  certificate_not_yet_valid: ['origin', 'site_operator', 'certain', 'certificate_not_yet_valid'],
  certificate_wrong_host: ['origin', 'site_operator', 'certain', 'certificate_wrong_host'],
  certificate_self_signed: ['origin', 'site_operator', 'certain', 'certificate_self_signed'],
  certificate_untrusted: ['origin', 'site_operator', 'certain', 'certificate_untrusted'],
  certificate_chain_incomplete: ['origin', 'site_operator', 'certain', 'certificate_chain_incomplete'],
  certificate_revoked: ['origin', 'site_operator', 'certain', 'certificate_revoked'],
  certificate_weak: ['origin', 'site_operator', 'certain', 'certificate_weak'],
  send_reset: ['origin', 'site_operator', 'likely', 'send_reset'],
  send_timed_out: ['origin', 'site_operator', 'likely', 'send_timed_out'],
  closed_without_answer: ['origin', 'site_operator', 'likely', 'closed_without_answer'],
  reset_without_answer: ['origin', 'site_operator', 'likely', 'reset_without_answer'],
  answer_timed_out: ['origin', 'site_operator', 'likely', 'answer_timed_out'],
  not_http: ['origin', 'site_operator', 'likely', 'not_http'],
  http09_answer: ['origin', 'site_operator', 'likely', 'http09_answer'],
  status_line_malformed: ['origin', 'site_operator', 'certain', 'status_line_malformed'],
  status_undefined: ['origin', 'site_operator', 'certain', 'status_undefined'],
  http_version_unsupported: ['origin', 'site_operator', 'certain', 'http_version_unsupported'],
  header_malformed: ['origin', 'site_operator', 'certain', 'header_malformed'],
  header_too_large: ['origin', 'site_operator', 'certain', 'header_too_large'],
  framing_conflict: ['origin', 'site_operator', 'certain', 'framing_conflict'],
  chunk_malformed: ['origin', 'site_operator', 'certain', 'chunk_malformed'],
  header_truncated: ['origin', 'site_operator', 'likely', 'header_truncated'],
  body_truncated: ['origin', 'site_operator', 'likely', 'body_truncated'],
  body_reset: ['origin', 'site_operator', 'likely', 'body_reset'],
  receive_timed_out: ['origin', 'site_operator', 'likely', 'receive_timed_out'],
  body_undecodable: ['origin', 'site_operator', 'certain', 'body_undecodable'],
  redirect_loop: ['content', 'site_operator', 'certain', 'redirect_loop'],
  redirect_limit: ['content', 'site_operator', 'certain', 'redirect_limit'],
  redirect_invalid: ['content', 'site_operator', 'certain', 'redirect_invalid'],
  // A status without an answer cannot be; what it is worth is in the rows below.
  status_unaccepted: ['origin', 'site_operator', 'possible', 'status_unaccepted'],
  text_missing: ['origin', 'site_operator', 'possible', 'text_missing'],
  text_unwanted: ['origin', 'site_operator', 'possible', 'text_unwanted'],
  json_mismatch: ['origin', 'site_operator', 'possible', 'json_mismatch'],
  body_too_large: ['origin', 'site_operator', 'possible', 'body_too_large'],
  certificate_expiring: ['origin', 'site_operator', 'certain', 'certificate_expiring'],
  too_slow: ['origin', 'site_operator', 'possible', 'too_slow'],
  local_limit: ['monitor', 'monitor_operator', 'certain', 'local_limit'],
  internal_error: ['monitor', 'monitor_operator', 'certain', 'internal_error'],
  cancelled: ['monitor', 'monitor_operator', 'certain', 'cancelled'],
}

const ROWS: Row[] = [
  // Our own side.
  {
    name: 'refused while no reference site works',
    world: { code: 'connect_refused', drill: [references('all_fail')] },
    expected: ['network', 'access_provider', 'likely', 'connect_refused'],
    says: /not this site/,
    effect: 'unknown',
  },
  {
    name: 'no route, and none to any reference site',
    world: { code: 'network_unreachable', drill: [references('all_fail', 'network_unreachable')] },
    expected: ['you', 'visitor', 'likely', 'network_unreachable'],
    effect: 'unknown',
  },
  {
    name: 'no IPv6 on this machine for a site with nothing else',
    world: { code: 'network_unreachable', outcome: 'unknown' },
    expected: ['you', 'visitor', 'certain', 'network_unreachable'],
  },
  {
    name: 'every site shows a strange certificate',
    world: {
      code: 'certificate_untrusted',
      certificates: [{}],
      drill: [references('all_fail', 'certificate_untrusted')],
    },
    expected: ['network', 'access_provider', 'likely', 'certificate_untrusted'],
    says: /certificates of its own/,
  },
  {
    name: 'only names fail, addresses can be reached',
    world: {
      code: 'dns_timed_out',
      drill: [{ ...references('some_fail', 'dns_timed_out'), onlyNamesFail: true } as never],
    },
    expected: ['resolver', 'access_provider', 'certain', 'dns_timed_out'],
    effect: 'unknown',
  },
  {
    name: 'the name comes from the hosts file',
    world: { code: 'connect_refused', seen: { resolve: { output: { source: 'hosts' } } } },
    expected: ['you', 'visitor', 'possible', 'connect_refused'],
    says: /hosts file/,
  },
  // Names.
  {
    name: 'the zone itself says no such name',
    world: { code: 'dns_name_not_found', drill: [resolvers('missing')] },
    expected: ['dns', 'site_operator', 'certain', 'dns_name_not_found'],
  },
  {
    name: 'the registry knows no such domain',
    world: { code: 'dns_name_not_found', drill: [resolvers('parent_missing')] },
    expected: ['dns', 'site_operator', 'certain', 'dns_name_not_found'],
    says: /not registered: expired, or misspelt/,
  },
  {
    name: 'only our resolver fails',
    world: { code: 'dns_server_failure', drill: [resolvers('resolver_fails')] },
    expected: ['resolver', 'access_provider', 'certain', 'dns_server_failure'],
  },
  {
    name: 'only our resolver denies the name',
    world: { code: 'dns_name_not_found', drill: [resolvers('resolver_fails')] },
    expected: ['resolver', 'access_provider', 'certain', 'dns_name_not_found'],
  },
  {
    name: "the zone's servers fail",
    world: { code: 'dns_timed_out', drill: [resolvers('zone_fails')] },
    expected: ['dns', 'dns_operator', 'certain', 'dns_timed_out'],
  },
  {
    name: 'DNSSEC is broken',
    world: { code: 'dns_server_failure', drill: [resolvers('dnssec')] },
    expected: ['dns', 'dns_operator', 'certain', 'dns_server_failure'],
    says: /DNSSEC/,
    todo: /\+cd/,
  },
  {
    name: 'the resolver itself says DNSSEC bogus',
    world: { code: 'dns_server_failure', seen: extended(6, 'DNSSEC Bogus') },
    expected: ['dns', 'dns_operator', 'certain', 'dns_server_failure'],
  },
  {
    name: 'the resolver itself says that it filters',
    world: { code: 'dns_name_not_found', seen: extended(17, 'Filtered') },
    expected: ['resolver', 'access_provider', 'certain', 'dns_name_not_found'],
    says: /filters/,
  },
  {
    name: 'every resolver fails for the zone',
    world: { code: 'dns_server_failure', drill: [resolvers('agree')] },
    expected: ['dns', 'dns_operator', 'likely', 'dns_server_failure'],
  },
  {
    name: 'the resolver is silent, but answers for other names',
    world: { code: 'dns_timed_out', drill: [references('all_work')] },
    expected: ['dns', 'dns_operator', 'likely', 'dns_timed_out'],
  },
  {
    name: 'a bare name',
    world: {
      url: 'http://intranet/',
      code: 'dns_name_not_found',
      seen: { resolve: { output: { source: 'dns', asked: ['intranet'] } } },
    },
    expected: ['dns', 'visitor', 'likely', 'dns_name_not_found'],
  },
  // Connecting.
  {
    name: 'refused at all four addresses',
    world: {
      code: 'connect_refused',
      drill: [addresses('same', 'same', 'same', 'same'), references('all_work')],
    },
    expected: ['origin', 'site_operator', 'certain', 'connect_refused'],
    todo: /ss -ltnp/,
  },
  {
    name: 'one of four addresses refuses',
    world: {
      code: 'connect_refused',
      outcome: 'degraded',
      drill: [addresses('works', 'same', 'works', 'works')],
    },
    expected: ['origin', 'site_operator', 'certain', 'connect_refused'],
    says: /1 of 4 addresses fail/,
    effect: 'degraded',
    todo: /203\.0\.113\.2/,
  },
  {
    name: 'refused at a CDN',
    world: { code: 'connect_refused', seen: CDN },
    expected: ['cdn', 'cdn_operator', 'certain', 'connect_refused'],
  },
  {
    name: 'a firewall answers in front of the machine',
    world: { code: 'connect_refused', drill: [path('firewall')] },
    expected: ['network', 'network_operator', 'likely', 'connect_refused'],
    says: /firewall/,
  },
  {
    name: 'silence, and a trace that ends on the way',
    world: { code: 'connect_timed_out', drill: [path('silence')] },
    expected: ['origin', 'site_operator', 'possible', 'connect_timed_out'],
    says: /firewall that drops, a dead machine or a lost route/,
  },
  {
    name: 'silence while other sites work',
    world: { code: 'connect_timed_out', drill: [references('all_work')] },
    expected: ['origin', 'site_operator', 'likely', 'connect_timed_out'],
  },
  {
    name: 'silence at an address that the zone no longer names',
    world: { code: 'connect_timed_out', drill: [resolvers('stale')] },
    expected: ['resolver', 'access_provider', 'likely', 'connect_timed_out'],
  },
  {
    name: 'port 443 refuses, port 80 works',
    world: { code: 'connect_refused', drill: [protocols({ otherScheme: glance() })] },
    expected: ['origin', 'site_operator', 'certain', 'connect_refused'],
    says: /over http the machine answers/,
  },
  // Proxies.
  {
    name: 'the proxy fails, without it the site works',
    world: { code: 'proxy_failed', proxy: 'http://192.0.2.8:3128', drill: [direct('same', 'works')] },
    expected: ['proxy', 'access_provider', 'likely', 'proxy_failed'],
  },
  {
    name: 'the proxy fails, and without it the site fails too',
    world: { code: 'proxy_failed', proxy: 'http://192.0.2.8:3128', drill: [direct('same', 'other')] },
    expected: ['upstream', 'site_operator', 'likely', 'proxy_failed'],
  },
  {
    name: 'a SOCKS proxy says refused',
    world: {
      code: 'proxy_failed',
      proxy: 'socks5://192.0.2.8',
      seen: { proxy_handshake: { input: { kind: 'socks5' }, output: { reply: 5, says: 'refused' } } },
    },
    expected: ['upstream', 'site_operator', 'certain', 'connection_refused'],
  },
  // TLS.
  {
    name: 'plain HTTP on the TLS port',
    world: { code: 'tls_not_spoken', seen: { plaintext_look: { output: { protocol: 'http' } } } },
    expected: ['origin', 'site_operator', 'certain', 'tls_not_spoken'],
    says: /port 443 speaks http, not TLS/,
  },
  {
    name: 'TLS is reset, but not without a server name',
    world: { code: 'tls_reset', drill: [protocols({ withoutName: glance() })] },
    expected: ['origin', 'site_operator', 'possible', 'tls_reset'],
    says: /only with this server name/,
  },
  {
    name: 'small packets pass, the handshake stands still',
    world: { code: 'tls_timed_out', drill: [path('reached', true)] },
    expected: ['network', 'network_operator', 'likely', 'tls_timed_out'],
    says: /MTU/,
  },
  {
    name: 'expired, and everything else works',
    world: { code: 'certificate_expired', certificates: [{}], drill: [protocols({ unverified: glance() })] },
    expected: ['origin', 'site_operator', 'certain', 'certificate_expired'],
    says: /everything else works/,
    todo: /certbot renew/,
  },
  {
    name: 'expired by a clock of ours that is weeks off',
    world: {
      code: 'certificate_not_yet_valid',
      certificates: [{}],
      drill: [protocols({ unverified: glance({ fields: [['Date', 'Sun, 20 Dec 2026 09:00:00 GMT']] }) })],
    },
    expected: ['you', 'visitor', 'likely', 'certificate_not_yet_valid'],
    says: /clock is 30 days off/,
    effect: 'unknown',
  },
  {
    name: 'a certificate of a box in the network',
    world: {
      code: 'certificate_untrusted',
      certificates: [{ issuer: 'O=Zscaler Inc., CN=Zscaler Intermediate Root CA' }],
    },
    expected: ['network', 'access_provider', 'likely', 'certificate_untrusted'],
    says: /Zscaler/,
  },
  {
    name: 'the stand-in certificate of an ingress',
    world: {
      code: 'certificate_self_signed',
      certificates: [{ subject: 'O=Acme Co, CN=Kubernetes Ingress Controller Fake Certificate' }],
    },
    expected: ['gateway', 'site_operator', 'certain', 'certificate_self_signed'],
    says: /ingress-nginx/,
  },
  // Statuses.
  {
    name: 'a 502 of nginx while the origin works',
    world: { code: 'status_unaccepted', answer: NGINX_502, drill: [origin('works')] },
    expected: ['upstream', 'gateway_operator', 'likely', null],
    says: /origin works when asked directly/,
  },
  {
    name: 'a 502 of nginx, and the origin gives the same',
    world: { code: 'status_unaccepted', answer: NGINX_502, drill: [origin('same')] },
    expected: ['origin', 'site_operator', 'certain', 'upstream_error_passed_through'],
  },
  {
    name: 'a 502 of nginx, and nothing listens at the origin',
    world: {
      code: 'status_unaccepted',
      answer: NGINX_502,
      drill: [origin('other', failing('connect_refused'))],
    },
    expected: ['origin', 'site_operator', 'likely', 'connection_refused'],
    says: /connect_refused/,
  },
  {
    name: 'an error that only a cache still has',
    world: { code: 'status_unaccepted', answer: NGINX_502, drill: [cached(true)] },
    expected: ['gateway', 'gateway_operator', 'likely', null],
    says: /keeps an old error/,
    effect: 'degraded',
    todo: /Purge/,
  },
  {
    name: 'an application error on one page only',
    world: {
      code: 'status_unaccepted',
      answer: application(500, 'Internal Server Error'),
      drill: [paths('page')],
    },
    expected: ['origin', 'site_operator', 'likely', 'upstream_error_passed_through'],
    says: /on this page only/,
  },
  {
    name: 'only a query that is new works, and no cache shows itself: perhaps a cache, and still down',
    world: {
      code: 'status_unaccepted',
      answer: NGINX_502,
      drill: [cached(true, { noCache: glance({ status: 502 }) })],
    },
    expected: ['gateway', 'gateway_operator', 'possible', 'connection_terminated'],
    says: /seems to keep an old error/,
    effect: null,
  },
  {
    name: 'some pages from the disk of the gateway, all others broken: the leg behind it stays to blame',
    world: { code: 'status_unaccepted', answer: NGINX_502, drill: [paths('page', '/cart')] },
    expected: ['upstream', 'site_operator', 'possible', 'connection_terminated'],
    says: /does not say why; /,
  },
  {
    name: 'one bad machine of three',
    world: {
      code: 'status_unaccepted',
      answer: NGINX_502,
      drill: [repetition(3, 9, { what: 'field', name: 'X-Served-By', value: 'app2' })],
    },
    expected: ['upstream', 'site_operator', 'likely', null],
    says: /one machine of several is bad \(X-Served-By: app2\), 3 of 9/,
    effect: 'degraded',
  },
  {
    name: 'a failure that never comes again',
    world: { code: 'closed_without_answer', drill: [repetition(0, 8)] },
    expected: ['origin', 'site_operator', 'likely', 'closed_without_answer'],
    says: /failed once and then worked 8 times/,
    effect: 'degraded',
  },
  {
    name: 'a page that wants a login',
    world: { code: 'status_unaccepted', answer: application(401, 'Unauthorized') },
    expected: ['origin', 'visitor', 'likely', 'upstream_error_passed_through'],
    says: /wants a login/,
  },
  {
    name: 'a page that is gone',
    world: { code: 'status_unaccepted', answer: application(404, 'Not Found') },
    expected: ['content', 'site_operator', 'likely', 'upstream_error_passed_through'],
  },
  {
    name: 'too many requests',
    world: { code: 'status_unaccepted', answer: application(429, 'Too Many Requests') },
    expected: ['origin', 'visitor', 'likely', 'upstream_error_passed_through'],
  },
  {
    name: 'a good answer where an error was expected',
    world: { code: 'status_unaccepted', answer: ok('<h1>hello</h1>') },
    expected: ['content', 'site_operator', 'certain', 'status_unaccepted'],
  },
  {
    name: 'a status seen although nothing else can be reached from here, unencrypted',
    world: {
      url: 'http://shop.example.org/',
      code: 'status_unaccepted',
      answer: application(503, 'Service Unavailable'),
      drill: [references('all_fail')],
    },
    expected: ['origin', 'site_operator', 'possible', 'upstream_error_passed_through'],
  },
  // Content.
  {
    name: 'the word is missing on a page of a fresh server',
    world: {
      code: 'text_missing',
      answer: ok('<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head></html>'),
    },
    expected: ['content', 'site_operator', 'likely', 'placeholder_page'],
  },
  {
    name: 'the word is missing because the domain is parked',
    world: {
      code: 'text_missing',
      answer: ok('<h1>buy me</h1>'),
      drill: [resolvers('agree', 'ns1.sedoparking.com')],
    },
    expected: ['dns', 'site_operator', 'likely', 'parked_domain'],
    says: /sedoparking/,
  },
  {
    name: 'the word is missing on a login page',
    world: { code: 'text_missing', answer: ok('<form><input name=p type="password"></form>') },
    expected: ['content', 'site_operator', 'certain', 'text_missing'],
    says: /login page/,
  },
  // Slow.
  {
    name: 'slow by the application',
    world: { code: 'too_slow', outcome: 'degraded', timings: { wait: 4000 } },
    expected: ['origin', 'site_operator', 'likely', 'too_slow'],
    says: /making the answer takes 4000 of 4034 ms/,
    effect: 'degraded',
  },
  {
    name: 'slow by the resolver',
    world: { code: 'too_slow', outcome: 'degraded', timings: { resolve: 5000 } },
    expected: ['resolver', 'access_provider', 'likely', 'too_slow'],
  },
  // Good answers that hide a failure.
  {
    name: 'a 200 with the welcome page of a fresh server',
    world: { answer: ok('<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head></html>') },
    expected: ['content', 'site_operator', 'likely', 'placeholder_page'],
    effect: 'down',
  },
  {
    name: 'up, but one of the addresses is dead',
    world: { answer: ok('<h1>hello</h1>'), drill: [addresses('works', 'other')] },
    expected: ['origin', 'site_operator', 'certain', 'connect_refused'],
    effect: 'degraded',
  },
]

function shown(diagnosis: Diagnosis | null): Expected | null {
  return diagnosis && [diagnosis.link, diagnosis.party, diagnosis.confidence, diagnosis.cause]
}

describe('diagnoseEvidence() of every failure alone', () => {
  const codes = Object.keys(FAILURE_CODES) as FailureCode[]
  test.each(codes)('%s', (code) => {
    expect(shown(diagnosed({ code }))).toEqual(ALONE[code])
  })
})

describe('diagnoseEvidence()', () => {
  test.each(ROWS)('$name', ({ world, expected, says, effect, todo }) => {
    const diagnosis = diagnosed(world)
    const [link, party, confidence, cause] = expected
    expect(shown(diagnosis)).toEqual([link, party, confidence, cause ?? diagnosis?.causes[0]])
    if (says) expect(diagnosis?.headline).toMatch(says)
    if (effect !== undefined) expect(diagnosis?.effect).toBe(effect)
    if (todo)
      expect([...(diagnosis?.todo.operator ?? []), ...(diagnosis?.todo.visitor ?? [])].join('\n')).toMatch(
        todo,
      )
  })

  test('says nothing of a healthy check, with bytes and without', () => {
    expect(diagnosed({})).toBeNull()
    expect(diagnosed({ answer: ok('<html><body><h1>shop</h1></body></html>') })).toBeNull()
    expect(
      diagnosed({ answer: ok('<h1>hi</h1>'), drill: [addresses('works', 'works'), references('all_work')] }),
    ).toBeNull()
  })

  test('hides what only follows: with our own network down nothing is said of the site', () => {
    const diagnosis = diagnosed({
      code: 'connect_timed_out',
      drill: [references('all_fail'), addresses('same', 'same'), path('silence'), resolvers('stale')],
    })
    expect(diagnosis?.link).toBe('network')
    expect(diagnosis?.reasons.map(({ says }) => says).join(' ')).not.toMatch(/trace|addresses/i)
    expect(diagnosis?.undecided).toEqual([])
  })

  test('says what it could not tell, and why', () => {
    const diagnosis = diagnosed({
      code: 'connect_timed_out',
      skipped: { references: 'the target is of this machine' },
    })
    expect(diagnosis?.undecided).toContainEqual({
      rule: 'reference-sites',
      because: 'the look "references" was skipped: the target is of this machine',
    })
    expect(diagnosis?.undecided?.find(({ rule }) => rule === 'way-to-the-port')?.because).toMatch(
      /was not taken/,
    )
  })

  test('time tells time-outs from errors that come at once', () => {
    const late = diagnosed({
      code: 'status_unaccepted',
      answer: nginx(504, 'Gateway Time-out'),
      timings: { wait: 60_012 },
      drill: [timing('round', 60_012, [{ seconds: 60, setting: 'proxy_read_timeout', product: 'nginx' }])],
    })
    expect(late?.cause).toBe('http_response_timeout')
    expect(late?.todo.operator[0]).toMatch(/proxy_read_timeout/)
    const soon = diagnosed({
      code: 'status_unaccepted',
      answer: NGINX_502,
      timings: { wait: 2 },
      drill: [timing('at_once', 2)],
    })
    expect(soon?.causes).not.toContain('http_response_timeout')
    expect(soon?.causes).not.toContain('connection_timeout')
  })

  test('names what changed since the good check', () => {
    const diagnosis = diagnosed({
      code: 'connect_refused',
      drill: [difference(['addresses', '203.0.113.1', '203.0.113.7'])],
    })
    expect(diagnosis?.reasons.map(({ says }) => says).join(' ')).toMatch(
      /addresses was 203\.0\.113\.1, is 203\.0\.113\.7/,
    )
  })

  test('hops that answered in its place are alive: silence comes from behind them', () => {
    const diagnosis = diagnosed({ code: 'closed_without_answer', drill: [hops('Apache/2.4')] })
    expect(diagnosis?.link).toBe('upstream')
    expect(diagnosis?.reasons.map(({ says }) => says).join(' ')).toMatch(/1\. Apache\/2\.4/)
  })

  test('quotes no shell metacharacter of a hostile host into a command', () => {
    const diagnosis = diagnosed({
      url: 'https://a$(reboot).example.org/',
      code: 'dns_name_not_found',
      drill: [resolvers('missing')],
    })
    expect(diagnosis?.todo.operator.join('\n')).toMatch(/dig \+trace '.*\$\(reboot\)\.example\.org'/)
  })
})

describe('links of the way', () => {
  test('are ok before the broken one and unreached behind it', () => {
    const links = diagnosed({ code: 'connect_refused' })?.links ?? []
    expect(links.map(({ link, state }) => `${link} ${state}`)).toEqual([
      'you ok',
      'resolver ok',
      'network ok',
      'origin broken',
    ])
    for (const { howWeKnow, evidence } of links) {
      expect(howWeKnow).not.toBe('')
      expect(evidence.length).toBeGreaterThan(0)
    }
  })

  test('name the gateway that wrote the page and mark the leg behind it', () => {
    const links = diagnosed({ code: 'status_unaccepted', answer: NGINX_502 })?.links ?? []
    expect(links.map(({ link, state }) => `${link} ${state}`)).toEqual([
      'you ok',
      'resolver ok',
      'network ok',
      'gateway ok',
      'upstream broken',
      'origin unreached',
    ])
    expect(links.find(({ link }) => link === 'gateway')?.name).toBe('nginx 1.22.1')
  })

  test('are all open when the monitor is at fault', () => {
    const links = diagnosed({ code: 'local_limit' })?.links ?? []
    expect(new Set(links.map(({ state }) => state))).toEqual(new Set(['unknown']))
  })
})
