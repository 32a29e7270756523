// Next steps per failure code, for the visitor and for whoever runs the broken part: commands, log lines, settings.
import type { FailureCode } from '../../model/failure.ts'
import { type Evidence, textIn } from '../evidence.ts'
import { plain, shellWord } from './plain.ts'

export interface Steps {
  visitor: string[]
  operator: string[]
}

/** Words for commands, fit to be pasted into a shell. */
interface Place {
  /** As text. */
  host: string
  word: string
  port: number
  /** "host:port" as one shell word. */
  peer: string
  url: string
  ip: string
}

const WAIT = 'Nothing on your side is wrong: try again later, and tell the site if it lasts.'
const OTHER_NETWORK = 'Try from another network, such as a phone without Wi-Fi.'

const TLS_LOOK = (at: Place): string =>
  `openssl s_client -connect ${at.peer} -servername ${at.word} </dev/null`
const CERTIFICATE_LOOK = (at: Place): string =>
  `${TLS_LOOK(at)} | openssl x509 -noout -dates -subject -issuer -ext subjectAltName`
const RAW_LOOK = (at: Place): string => `curl -v --raw ${at.url}`

const certificate =
  (
    operator: (at: Place) => string[],
    visitor = 'Do not go on past the warning of the browser; the certificate is for the site to mend.',
  ) =>
  (at: Place): Steps => ({
    visitor: [visitor],
    operator: [...operator(at), `See what is sent: ${CERTIFICATE_LOOK(at)}`],
  })

const tls =
  (...operator: string[]) =>
  (at: Place): Steps => ({ visitor: [WAIT], operator: [...operator, `See the handshake: ${TLS_LOOK(at)}`] })

const http =
  (...operator: string[]) =>
  (at: Place): Steps => ({ visitor: [WAIT], operator: [...operator, `See the bytes: ${RAW_LOOK(at)}`] })

const STEPS: Readonly<Record<FailureCode, (at: Place) => Steps>> = {
  bad_url: () => ({ visitor: ['Correct the address: scheme://host[:port]/path.'], operator: [] }),

  dns_name_not_found: (at) => ({
    visitor: [`Check the spelling of ${at.host}.`],
    operator: [
      `Walk the delegation: dig +trace ${at.word}`,
      'Look with the registrar whether the domain has expired or lost its name servers, and into the zone for the record.',
    ],
  }),
  dns_no_address: (at) => ({
    visitor: [WAIT],
    operator: [
      `Add an A or AAAA record (or CNAME) for ${at.host}; compare dig A ${at.word} with dig AAAA ${at.word}`,
    ],
  }),
  dns_server_failure: (at) => ({
    visitor: ['Try another resolver; if that works, tell whoever runs yours.'],
    operator: [
      `Compare dig ${at.word} with dig +cd ${at.word}: when only the second answers, DNSSEC is broken.`,
      `Ask each name server of the zone: dig +nssearch ${at.word}`,
    ],
  }),
  dns_refused: (at) => ({
    visitor: ['The resolver does not serve this network: set the one of your network.'],
    operator: [
      `Look into the access rules of the resolver (BIND: allow-query, allow-recursion): dig ${at.word}`,
    ],
  }),
  dns_timed_out: (at) => ({
    visitor: ['Try another resolver; if that works, tell whoever runs yours.'],
    operator: [
      `Ask each name server of the zone: dig +nssearch ${at.word}`,
      'Look whether UDP and TCP port 53 reach the name servers through all firewalls.',
    ],
  }),
  dns_malformed_answer: (at) => ({
    visitor: ['Try another resolver; something between you and yours may rewrite DNS.'],
    operator: [`Look at the answer: dig +qr +multiline ${at.word}`],
  }),
  dns_alias_loop: (at) => ({
    visitor: [WAIT],
    operator: [`Break the circle of CNAME records: dig +trace CNAME ${at.word}`],
  }),
  dns_resolver_unreachable: () => ({
    visitor: [
      'Check the network connection and the resolver set in it (/etc/resolv.conf, resolvectl status).',
    ],
    operator: ['Look whether the resolver runs and whether UDP and TCP port 53 reach it.'],
  }),
  address_unusable: (at) => ({
    visitor: [`Look for ${at.host} in your hosts file; filters put such addresses there.`],
    operator: [`Correct the address record: dig A ${at.word}; dig AAAA ${at.word}`],
  }),
  address_forbidden: (at) => ({
    visitor: [],
    operator: [`The address rules of this monitor forbid ${at.ip || at.host}: change them or the target.`],
  }),

  connect_refused: (at) => ({
    visitor: [WAIT],
    operator: [
      `Look on the machine whether anything listens: ss -ltnp 'sport = :${at.port}'`,
      'Start the service, or look for a firewall rule that rejects (iptables -S | grep REJECT; nft list ruleset).',
    ],
  }),
  host_unreachable: (at) => ({
    visitor: [OTHER_NETWORK],
    operator: [
      `Look whether the machine is on and where the way ends: traceroute -T -p ${at.port} ${at.ip || at.word}`,
    ],
  }),
  network_unreachable: (at) => ({
    visitor: ['Check your network connection and its default route (ip route; ip -6 route).', OTHER_NETWORK],
    operator: [
      `Look at the route to it: ip route get ${at.ip || at.word}; traceroute -T -p ${at.port} ${at.ip || at.word}`,
    ],
  }),
  connect_timed_out: (at) => ({
    visitor: [OTHER_NETWORK],
    operator: [
      `See whether the attempts arrive: tcpdump -ni any 'tcp port ${at.port}'`,
      'When they arrive: a full backlog or a host firewall that drops. When not: a firewall or security group in front, a wrong address or a dead machine.',
      `See where the way ends: traceroute -T -p ${at.port} ${at.ip || at.word}`,
    ],
  }),
  connect_reset: (at) => ({
    visitor: [OTHER_NETWORK],
    operator: [`Look for a firewall or load balancer that resets: tcpdump -ni any 'tcp port ${at.port}'`],
  }),
  proxy_refused: () => ({
    visitor: [
      'Check the proxy setting (http_proxy, https_proxy, system settings) and whether the proxy runs.',
    ],
    operator: ['Look whether the proxy listens on its address and port.'],
  }),
  proxy_auth_required: () => ({
    visitor: ['Give the proxy a user name and a password: --proxy http://USER:PASSWORD@host:port.'],
    operator: ['Look into the log of the proxy for the refused login (Squid: TCP_DENIED/407).'],
  }),
  proxy_denied: (at) => ({
    visitor: ['Ask whoever runs the proxy to allow this target, or leave it out of the proxy (no_proxy).'],
    operator: [
      `Look into the rules of the proxy for ${at.host}:${at.port} (Squid: TCP_DENIED/403, acl Safe_ports, SSL_ports).`,
    ],
  }),
  proxy_failed: (at) => ({
    visitor: ['Try without the proxy, and tell whoever runs it.'],
    operator: [
      `Look from the machine of the proxy: curl -v --noproxy '*' ${at.url}`,
      'Look into its log for this target.',
    ],
  }),

  tls_not_spoken: (at) => ({
    visitor: ['Try the address with http:// in place of https://.'],
    operator: [
      `Make the service on port ${at.port} speak TLS (nginx: listen ${at.port} ssl), or correct the port.`,
      `See what it says: ${TLS_LOOK(at)}`,
    ],
  }),
  tls_timed_out: tls(
    'Look for an overloaded TLS terminator, a full accept queue, or large packets lost on the way (MTU).',
  ),
  tls_reset: tls('Look into the log of the TLS terminator, and for a firewall that resets by server name.'),
  tls_closed: tls(
    'Look into the log of the TLS terminator; many close so for a name they have no certificate for.',
  ),
  tls_version_unsupported: tls('Switch on TLS 1.2 and 1.3 (nginx: ssl_protocols TLSv1.2 TLSv1.3).'),
  tls_no_shared_cipher: tls('Offer current ciphers and groups, and a certificate whose key type fits them.'),
  tls_unrecognized_name: tls(
    'Add the name and its certificate to the TLS terminator, or correct where the DNS points.',
  ),
  tls_client_certificate_required: (at) => ({
    visitor: ['This site wants a client certificate: give one (--cert and --key).'],
    operator: [
      `Look whether the site should demand it from everybody (nginx: ssl_verify_client). See: ${TLS_LOOK(at)}`,
    ],
  }),
  tls_no_application_protocol: tls('Let the TLS terminator offer http/1.1 (or h2) by ALPN.'),
  tls_alert: tls('Look into the log of the TLS terminator for the alert it sent.'),

  certificate_expired: certificate((at) => [
    `Renew the certificate and load it: certbot renew, then reload the server that answers on port ${at.port}.`,
    'When it was renewed already, the server still holds the old one: reload it on every machine behind the name.',
  ]),
  certificate_not_yet_valid: certificate(
    () => ['Look at the clock of the machine that issued it, and use the certificate only once it is valid.'],
    'Check the clock of your own machine.',
  ),
  certificate_wrong_host: certificate((at) => [
    `Get a certificate that names ${at.host}, or give this name its own site: an unknown name gets the default certificate.`,
  ]),
  certificate_self_signed: certificate(() => [
    'Use a certificate of a public authority (Let us Encrypt is free), or give visitors the private root.',
  ]),
  certificate_untrusted: certificate(
    () => [
      'Use a certificate of an authority that browsers trust, or give visitors the private root (--ca).',
    ],
    'When every site shows this, something in your network opens TLS: ask whoever runs it for its root certificate.',
  ),
  certificate_chain_incomplete: certificate(() => [
    'Send the intermediate certificate too: use the full chain file (nginx: ssl_certificate fullchain.pem).',
  ]),
  certificate_revoked: certificate(() => [
    'Get a new certificate with a new key, and find out why it was revoked.',
  ]),
  certificate_weak: certificate(() => [
    'Get a certificate with RSA of 2048 bits or more, or ECDSA, signed with SHA-256.',
  ]),

  send_reset: http(
    'Look into the log of the server for a refused request, often one that is too large (413) or on a path it does not read.',
  ),
  send_timed_out: http(
    'Look for a server that accepts and does not read: all workers busy, or large packets lost on the way (MTU).',
  ),
  closed_without_answer: http(
    'Look into the log of the server at that second: a crashed worker (signal 11, out of memory), or a rule that drops (nginx: return 444).',
  ),
  reset_without_answer: http(
    'Look into the log of the server at that second: a crashed worker, a layer-4 balancer without a backend, or a filter.',
  ),
  answer_timed_out: http(
    'Look for requests that hang: all workers busy (php-fpm: pm.max_children reached), a slow database, a backend that never answers.',
    'Look at the queue of the listener: ss -ltn (Recv-Q).',
  ),
  not_http: (at) => ({
    visitor: [WAIT],
    operator: [
      `Find which service has port ${at.port} (ss -ltnp), or which one the gateway points at.`,
      `See what it says: ${RAW_LOOK(at)}`,
    ],
  }),
  http09_answer: http(
    'The program behind writes a page without a status line: look what answers on that port.',
  ),
  status_line_malformed: http(
    'Look at the program that writes the status line; often a CGI or script that prints before its header.',
  ),
  status_undefined: http(
    'Look at the program that sets this status: it must have three digits from 100 to 599.',
  ),
  http_version_unsupported: http(
    'Look at the program that writes the status line, and whether HTTP/2 is spoken without TLS.',
  ),
  header_malformed: http(
    'Look at the program that sets the quoted field: control characters and line breaks are forbidden in it.',
  ),
  header_too_large: http('Find the field that grows, mostly Set-Cookie, Link or Content-Security-Policy.'),
  framing_conflict: http(
    'Look for two places that set Content-Length or Transfer-Encoding: application and server, or a filter.',
  ),
  chunk_malformed: http(
    'Look for a program that writes chunks by hand, or a proxy that changes content without its framing.',
  ),
  header_truncated: http(
    'Look into the log of the server at that second for a crash while it wrote its header.',
  ),
  body_truncated: http(
    'Look into the log at that second: a crash, a full disk for temporary files (nginx: proxy_temp_path), or an upstream that ended early.',
    'Compare Content-Length with what the program really writes.',
  ),
  body_reset: http('Look into the log at that second for a crash or a time-out while it sent.'),
  receive_timed_out: http(
    'Look for a program that stops in the middle: a slow query, a stream that is never closed, an upstream that hangs.',
  ),
  body_undecodable: http(
    'Look for content that is compressed twice, or not at all, although Content-Encoding says so.',
  ),
  redirect_loop: (at) => ({
    visitor: ['Delete the cookies of this site and try again.'],
    operator: [
      `Follow it: curl -vL --max-redirs 5 ${at.url} 2>&1 | grep -i '^< location'`,
      'When http and https alternate: the gateway speaks http to a server that wants https; pass X-Forwarded-Proto on, or set the CDN to full TLS.',
    ],
  }),
  redirect_limit: (at) => ({
    visitor: ['Delete the cookies of this site and try again.'],
    operator: [`Follow it: curl -vL --max-redirs 20 ${at.url} 2>&1 | grep -i '^< location'`],
  }),
  redirect_invalid: http('Correct the Location field: it must be one URL, http or https.'),

  status_unaccepted: http('Look into the access and error log of the server at that second.'),
  text_missing: http(
    'Look at the page itself: is it the right one, whole, and does it still hold the expected text?',
  ),
  text_unwanted: http('Look at the page itself and find where the unwanted text comes from.'),
  json_mismatch: http('Look at the answer and at what changed in the program that makes it.'),
  body_too_large: http('Look whether the right document is sent; else raise the limit of this check.'),
  certificate_expiring: (at) => ({
    visitor: [],
    operator: [
      'Renew the certificate now, and find out why that did not happen by itself (certbot renew --dry-run; systemctl list-timers).',
      `See what is sent: ${CERTIFICATE_LOOK(at)}`,
    ],
  }),
  too_slow: (at) => ({
    visitor: [],
    operator: [
      `See which phase takes the time: curl -so /dev/null -w '%{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total}\\n' ${at.url}`,
    ],
  }),

  local_limit: () => ({
    visitor: [],
    operator: [
      'Look at the limits of the machine that runs this check (ulimit -n, free -m, ss -s) and at its load.',
    ],
  }),
  internal_error: () => ({
    visitor: [],
    operator: ['This is a fault of whydown: report it with the saved evidence (--save).'],
  }),
  cancelled: () => ({ visitor: ['Run the check again and let it finish.'], operator: [] }),
}

function placeOf(evidence: Evidence): Place {
  const { host, port } = evidence
  const dialled = evidence.of('connect').at(-1)
  const ip = evidence.exchange?.address?.ip ?? textIn(dialled?.input, 'ip')
  const bracketed = host.includes(':') ? `[${host}]` : host
  return {
    host: plain(host, 80),
    word: shellWord(host),
    port,
    peer: shellWord(`${bracketed}:${port}`),
    url: shellWord(evidence.exchange?.url ?? evidence.result.url),
    ip: ip === null ? '' : shellWord(ip),
  }
}

/** The steps for a failure code at the place of the check. */
export function stepsFor(code: FailureCode, evidence: Evidence): Steps {
  return STEPS[code](placeOf(evidence))
}
