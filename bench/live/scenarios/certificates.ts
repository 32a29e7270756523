// Bad certificates and secure sockets that do not come about, most of them in front of a site that is fine.
import { writeFileSync } from 'node:fs'
import { type CertificateOptions, type Issued, issue, stapleFor } from '../../../test/world/certificates.ts'
import { alerts, breaksAtHello, startRaw } from '../../../test/world/tls-server.ts'
import type { Cause } from '../../../src/model/diagnosis.ts'
import type { LiveOptions } from '../options.ts'
import { nginx } from '../programs.ts'
import { ownLeg, type Scenario, type Truth } from '../scenario.ts'
import { page, SHOP, shop, type World } from '../world.ts'

const GROUP = 'certificates and TLS'
const DAY_MS = 86_400_000
const NAME = 'shop.test'

const fromNow = (days: number): Date => new Date(Date.now() + days * DAY_MS)

/** Who ends the TLS is all that can be seen: the site's own server or its gateway. */
function bad(cause: Cause | readonly Cause[], more: Partial<Truth> = {}): Truth {
  return ownLeg(['origin', 'gateway'], cause, ['site_operator', 'gateway_operator'], more)
}

interface Chain {
  root: Issued
  sent: Issued[]
}

/** Root, intermediate, leaf; what is sent is the leaf and the intermediate. */
function chain(leaf: CertificateOptions = {}, root = issue({ commonName: 'Live Root', ca: true })): Chain {
  const middle = issue({ commonName: 'Live Intermediate', ca: true }, root)
  return { root, sent: [issue({ names: [NAME], ...leaf }, middle), middle] }
}

/** The working site behind nginx that ends the TLS with these certificates. */
async function behindNginx(world: World, { root, sent }: Chain, trusted = true, options: LiveOptions = {}) {
  const site = await world.site((request) => shop(request))
  const [leaf] = sent
  const port = await world.gateway('nginx', site.port, {
    certificate: sent.map(({ pem }) => pem).join(''),
    key: leaf?.keyPem ?? '',
  })
  const resolver = await world.names({ [NAME]: ['127.0.0.1'] })
  return world.check(`https://${NAME}:${port}/`, {
    resolvers: [resolver],
    ...options,
    tls: { ca: trusted ? root.pem : issue({ commonName: 'Another Root', ca: true }).pem },
  })
}

function certificate(name: string, truth: Truth, make: () => Chain, trusted = true, quick = false): Scenario {
  return {
    group: GROUP,
    name,
    needs: ['nginx'],
    truth,
    ...(quick ? { quick: true as const } : {}),
    run: (world) => behindNginx(world, make(), trusted),
  }
}

/** nginx with these lines in its TLS server. */
function tlsServer(name: string, truth: Truth, lines: string, options: LiveOptions = {}): Scenario {
  return {
    group: GROUP,
    name,
    needs: ['nginx'],
    truth,
    run: async (world) => {
      const { root, sent } = chain()
      const port = await world.program(
        nginx(({ folder, port: at }) => {
          writeFileSync(`${folder}/chain.pem`, sent.map(({ pem }) => pem).join(''))
          writeFileSync(`${folder}/key.pem`, sent[0]?.keyPem ?? '')
          writeFileSync(`${folder}/root.pem`, root.pem)
          return `server {
            listen 127.0.0.1:${at} ssl;
            ssl_certificate ${folder}/chain.pem; ssl_certificate_key ${folder}/key.pem;
            ${lines.replaceAll('FOLDER', folder)}
            location / { return 200 "fine"; }
          }`
        }),
      )
      const resolver = await world.names({ [NAME]: ['127.0.0.1'] })
      return world.check(`https://${NAME}:${port}/`, {
        resolvers: [resolver],
        ...options,
        tls: { ca: root.pem },
      })
    },
  }
}

export const CERTIFICATE_SCENARIOS: Scenario[] = [
  certificate(
    'expired yesterday',
    bad('certificate_expired'),
    () => chain({ notBefore: fromNow(-90), notAfter: fromNow(-1) }),
    true,
    true,
  ),
  certificate('valid from tomorrow on', bad('certificate_not_yet_valid'), () =>
    chain({ notBefore: fromNow(1), notAfter: fromNow(90) }),
  ),
  certificate(
    'made for another host',
    bad('certificate_wrong_host'),
    () => chain({ names: ['www.other.test'] }),
    true,
    true,
  ),
  certificate(
    'signed by itself',
    bad('certificate_self_signed'),
    () => {
      const leaf = issue({ names: [NAME] })
      return { root: leaf, sent: [leaf] }
    },
    false,
  ),
  certificate('the intermediate is not sent', bad('certificate_chain_incomplete'), () => {
    const { root, sent } = chain({ caIssuers: 'http://ca.test/intermediate.crt' })
    return { root, sent: sent.slice(0, 1) }
  }),
  // With an unknown root and with a missing one the same bytes come.
  certificate(
    'signed by nobody we know',
    bad(['certificate_untrusted', 'certificate_chain_incomplete'], { tellable: false }),
    () => chain(),
    false,
  ),
  {
    group: GROUP,
    name: 'fine, but only for five more days',
    needs: ['nginx'],
    truth: bad('certificate_expiring', { outcomes: ['degraded'] }),
    run: (world) =>
      behindNginx(world, chain({ notAfter: fromNow(5) }), true, { expect: { certificateDays: 14 } }),
  },
  {
    group: GROUP,
    name: 'revoked, and its server says so itself (stapled OCSP)',
    truth: bad('certificate_revoked'),
    run: async (world) => {
      const { root, sent } = chain()
      const [leaf, middle] = sent as [Issued, Issued]
      const port = await world.tls(sent, () => page(200, SHOP), {
        staple: stapleFor(leaf, middle, { status: 'revoked' }),
      })
      const resolver = await world.names({ [NAME]: ['127.0.0.1'] })
      return world.check(`https://${NAME}:${port}/`, { resolvers: [resolver], tls: { ca: root.pem } })
    },
  },
  tlsServer(
    'nginx knows no such server name (ssl_reject_handshake)',
    bad('tls_unrecognized_name'),
    'ssl_reject_handshake on;',
  ),
  tlsServer(
    'nginx wants a certificate of the client',
    ownLeg(
      ['origin', 'gateway', 'you'],
      ['tls_client_certificate_required', 'http_request_denied', 'http_request_error', 'status_unaccepted'],
      ['visitor', 'site_operator', 'gateway_operator'],
      { generator: ['nginx'], tellable: false },
    ),
    'ssl_verify_client on; ssl_client_certificate FOLDER/root.pem;',
  ),
  tlsServer(
    'nginx speaks nothing newer than TLS 1.1',
    bad(['tls_version_unsupported', 'tls_alert'], { tellable: false }),
    'ssl_protocols TLSv1 TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;',
  ),
  ...(
    [
      ['a server that closes at the ClientHello', bad('tls_closed'), breaksAtHello('close')],
      ['a server that resets at the ClientHello', bad('tls_reset'), breaksAtHello('reset')],
      ['a server that is silent at the ClientHello', bad('tls_timed_out'), breaksAtHello('stall')],
      [
        'a server with which no cipher can be agreed on (alert 40)',
        bad(['tls_no_shared_cipher', 'tls_alert'], { tellable: false }),
        alerts(40),
      ],
      ['a server that fails in itself (alert 80)', bad('tls_alert'), alerts(80)],
    ] as const
  ).map(
    ([name, truth, behaviour]): Scenario => ({
      group: GROUP,
      name,
      truth: {
        ...truth,
        links: ['origin', 'gateway', 'network'],
        parties: [...truth.parties, 'network_operator'],
      },
      run: async (world) => {
        const server = await startRaw(behaviour)
        world.ends(() => server.stop())
        return world.check(`https://127.0.0.1:${server.port}/`, {
          limits: { totalMs: 3_000 },
          drill: { totalMs: 5_000 },
        })
      },
    }),
  ),
]
