import { describe, expect, test } from 'vitest'
import { failure } from '../../model/failure.ts'
import type { Observation } from '../../model/observation.ts'
import type { CertificateFacts, Exchange, FieldLine, TlsFacts } from '../../model/result.ts'
import { changesBetween, type Compared } from './changes.ts'

const TIMINGS = { resolve: 10, connect: 10, tls: null, send: 1, wait: 50, receive: 2 }

function response(more: { status?: number; fields?: FieldLine[]; body?: string } = {}): Exchange['response'] {
  const { status = 200, fields = [['Server', 'nginx']], body = '<title>Shop</title>' } = more
  const head = `HTTP/1.1 ${status} Said\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}`
  const bytes = Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n${body}`)
  return {
    version: '1.1',
    status,
    reason: 'Said',
    fields,
    trailers: [],
    interim: [],
    fieldBytes: head.length,
    bodyBytes: body.length,
    bodyTruncated: false,
    raw: bytes.toString('base64'),
    text: null,
  }
}

function exchange(more: Partial<Exchange> = {}): Exchange {
  return {
    url: 'https://shop.test/',
    method: 'GET',
    address: { ip: '192.0.2.1', port: 443, family: 4 },
    proxy: null,
    timings: TIMINGS,
    tls: null,
    request: null,
    response: response(),
    unparsed: null,
    failure: null,
    observations: [],
    ...more,
  }
}

function certificate(more: Partial<CertificateFacts> = {}): TlsFacts {
  const leaf = {
    subject: 'CN=shop.test',
    issuer: 'CN=R3',
    notBefore: 'a',
    notAfter: 'b',
    names: ['shop.test'],
    fingerprint: '01',
    ...more,
  }
  return { version: 'TLSv1.3', alpn: 'http/1.1', certificates: [leaf] } as unknown as TlsFacts
}

function resolved(ips: string[], more: Record<string, unknown> = {}): Observation {
  const output = {
    source: 'dns',
    addresses: ips.map((ip) => ({ ip })),
    aliases: [],
    answeredBy: '192.0.2.53:53',
    ...more,
  }
  return {
    id: 'o1',
    operation: 'resolve',
    startMs: 0,
    endMs: 1,
    input: { host: 'shop.test' },
    output,
    failure: null,
  }
}

function result(one: Exchange, more: Partial<Compared> = {}): Compared {
  return { exchanges: [one], failure: one.failure, observations: [], ...more }
}

function changed(before: Compared, now: Compared): [string, string | null, string | null][] {
  const shown = now.exchanges.at(-1) as Exchange
  return changesBetween(before, now, shown).map(({ what, before: was, now: is }) => [what, was, is])
}

describe('changesBetween()', () => {
  test('nothing when nothing changed', () => {
    expect(changed(result(exchange()), result(exchange()))).toStrictEqual([])
  })

  test('small sizes, times near each other and the order of addresses are no change', () => {
    const before = result(exchange({ response: response({ body: 'x'.repeat(1_000) }) }), {
      observations: [resolved(['192.0.2.1', '192.0.2.2'])],
    })
    const one = exchange({
      response: response({ body: 'x'.repeat(1_050) }),
      timings: { ...TIMINGS, wait: 140 },
    })
    expect(
      changed(before, result(one, { observations: [resolved(['192.0.2.2', '192.0.2.1'])] })),
    ).toStrictEqual([])
  })

  test.each<
    [name: string, before: Compared, now: Compared, changes: [string, string | null, string | null][]]
  >([
    [
      'address',
      result(exchange()),
      result(exchange({ address: { ip: '192.0.2.9', port: 443, family: 4 } })),
      [['address dialled', '192.0.2.1', '192.0.2.9']],
    ],
    [
      'answers of the resolver',
      result(exchange(), { observations: [resolved(['192.0.2.1'])] }),
      result(exchange(), {
        observations: [resolved(['192.0.2.7'], { aliases: ['cdn.test'], answeredBy: '192.0.2.54:53' })],
      }),
      [
        ['addresses of shop.test', '192.0.2.1', '192.0.2.7'],
        ['aliases of shop.test', null, 'cdn.test'],
        ['resolver for shop.test', '192.0.2.53:53', '192.0.2.54:53'],
      ],
    ],
    [
      'certificate',
      result(exchange({ tls: certificate() })),
      result(exchange({ tls: certificate({ fingerprint: '02', issuer: 'CN=Fortinet' }) })),
      [
        ['certificate', '01', '02'],
        ['certificate issuer', 'CN=R3', 'CN=Fortinet'],
      ],
    ],
    ['TLS gone', result(exchange({ tls: certificate() })), result(exchange()), [['TLS', 'yes', null]]],
    [
      'redirects',
      result(exchange()),
      result(exchange(), { exchanges: [exchange({ url: 'https://shop.test/old' }), exchange()] }),
      [['redirects', null, 'https://shop.test/old -> https://shop.test/']],
    ],
    [
      'time',
      result(exchange()),
      result(exchange({ timings: { ...TIMINGS, wait: 900 } })),
      [['time of wait', '50 ms', '900 ms']],
    ],
    [
      'servers and fields',
      result(
        exchange({
          response: response({
            fields: [
              ['Server', 'nginx'],
              ['X-App', '1'],
              ['Date', 'a'],
            ],
          }),
        }),
      ),
      result(
        exchange({
          response: response({
            fields: [
              ['server', 'Apache'],
              ['Via', '1.1 proxy'],
              ['CF-Ray', '7'],
            ],
          }),
        }),
      ),
      [
        ['Server', 'nginx', 'Apache'],
        ['Via', null, '1.1 proxy'],
        ['fields only then', 'X-App', null],
        ['fields only now', null, 'CF-Ray'],
      ],
    ],
    [
      'no answer any more',
      result(exchange()),
      result(exchange({ response: null, failure: failure('connect_refused', '') })),
      [
        ['failure', null, 'connect_refused'],
        ['response', '200', null],
      ],
    ],
    [
      'title',
      result(exchange()),
      result(exchange({ response: response({ body: '<title>Oops</title>' }) })),
      [['title', 'Shop', 'Oops']],
    ],
  ])('%s', (_name, before, now, changes) => {
    expect(changed(before, now)).toStrictEqual(changes)
  })

  test('a saved answer that cannot be read says nothing of its title', () => {
    const odd = response()
    const before = result(exchange({ response: odd && { ...odd, raw: 'AAECAw==' } }))
    expect(changed(before, result(exchange()))).toStrictEqual([])
  })
})
