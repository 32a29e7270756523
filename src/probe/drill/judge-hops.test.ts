import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { FieldLine } from '../../model/result.ts'
import { type HopAnswer, type HopMethod, judgeHops, readEcho } from './judge-hops.ts'

type Capture = [method: HopMethod, maxForwards: number | null, answeredBy: string, raw: string]

const CHAINS = JSON.parse(
  readFileSync(new URL('../../../test/data/hops/captures.json', import.meta.url), 'utf8'),
) as { chain: string[]; answers: Capture[] }[]

const SENT: FieldLine[] = [
  ['Host', 'shop.example.test'],
  ['User-Agent', 'whydown-lab/1'],
  ['X-Probe', 'hop'],
  ['Connection', 'close'],
]

/** Head and body of a captured response; chunk sizes stand in lines of their own and are taken out. */
function parse([method, maxForwards, , raw]: Capture): HopAnswer {
  const end = raw.indexOf('\r\n\r\n')
  const [status = '', ...lines] = raw.slice(0, end).split('\r\n')
  const fields = lines.map((line): FieldLine => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const chunked = fields.some(([name]) => name.toLowerCase() === 'transfer-encoding')
  const body = raw.slice(end + 4)
  const text = chunked ? body.slice(body.indexOf('\r\n') + 2) : body
  return { method, maxForwards, status: Number(status.split(' ')[1]), fields, text }
}

const HEEDS: Record<string, string> = {
  apache: 'Apache',
  'apache-prod': 'Apache',
  'apache-traceoff': 'Apache',
  'apache-forward': 'Apache',
  'squid-accel': 'squid',
  'squid-forward': 'squid',
  trafficserver: 'ATS',
}

describe('judgeHops() on answers of real gateways', () => {
  test.each(CHAINS.map(({ chain, answers }) => [chain.join(' > '), chain, answers] as const))(
    '%s: every hop that heeds Max-Forwards, in order, and no other',
    (_name, chain, captures) => {
      const { hops } = judgeHops(captures.map(parse), SENT)
      const expected = chain.flatMap((hop) => HEEDS[hop] ?? [])
      expect(hops.map(({ server }) => server?.split('/')[0])).toEqual(expected)
      expect(hops.map(({ number }) => number)).toEqual(expected.map((_hop, index) => index + 1))
    },
  )

  test("an answer is a hop's exactly when a hop gave it because of the field", () => {
    for (const { chain, answers } of CHAINS) {
      const { byHop } = judgeHops(answers.map(parse), SENT)
      for (const [index, [method, maxForwards, answeredBy]] of answers.entries()) {
        // Who refuses TRACE does so whatever the field says.
        const refuses = answers.some(
          ([other, value, by]) => other === method && value === null && by === answeredBy,
        )
        const byField = maxForwards !== null && answeredBy !== 'origin' && !refuses
        expect([...chain, method, maxForwards, byHop[index] !== null]).toEqual([
          ...chain,
          method,
          maxForwards,
          byField,
        ])
      }
    }
  })

  test('says what the hops add to a request', () => {
    const { answers = [] } = CHAINS.find(({ chain }) => chain.join() === 'trafficserver') ?? {}
    expect(judgeHops(answers.map(parse), SENT).added).toEqual([
      ['Client-ip', '127.0.0.1'],
      ['X-Forwarded-For', '127.0.0.1'],
      ['Via', expect.stringContaining('ApacheTrafficServer')],
    ])
  })

  test('names who stands before a hop by its Via', () => {
    const { answers = [] } = CHAINS.find(({ chain }) => chain.join() === 'varnish,apache') ?? {}
    expect(judgeHops(answers.map(parse), SENT).hops).toMatchObject([
      { number: 1, server: 'Apache/2.4.71 (Debian)', behind: ['1.1 varnish (Varnish/7.1)'] },
    ])
  })
})

describe('judgeHops()', () => {
  const answer = (
    method: HopMethod,
    maxForwards: number | null,
    status: number,
    fields: FieldLine[] = [],
    text = '',
  ): HopAnswer => ({ method, maxForwards, status, fields, text })

  test('sees an Apache behind a gateway that puts its own Server field on everything', () => {
    const nginx: FieldLine = ['Server', 'nginx/1.22.1']
    const { hops } = judgeHops(
      [
        answer('OPTIONS', null, 502, [nginx]),
        answer('OPTIONS', 0, 200, [nginx, ['Allow', 'TRACE']]),
        answer('OPTIONS', 1, 502, [nginx]),
        answer('GET', null, 502, [nginx]),
        answer('GET', 0, 400, [nginx]),
        answer('GET', 1, 502, [nginx]),
      ],
      SENT,
    )
    expect(hops).toEqual([
      {
        number: 1,
        server: 'Apache',
        method: 'OPTIONS',
        howWeKnow:
          'answered OPTIONS with Max-Forwards 0 (200) and GET with Max-Forwards 0 (400) itself, where the request without it goes further',
        behind: ['nginx/1.22.1'],
      },
    ])
  })

  test.each([
    ['the same answer for every value', [answer('OPTIONS', null, 405), answer('OPTIONS', 0, 405)]],
    ['an error that differs, as of a flapping site', [answer('GET', null, 200), answer('GET', 0, 503)]],
    ['no answer without the field to hold it against', [answer('GET', 0, 400)]],
    ['a TRACE that nobody echoes', [answer('TRACE', null, 405), answer('TRACE', 0, 403)]],
    [
      'an answer that does not come again',
      [
        answer('OPTIONS', null, 503),
        { ...answer('OPTIONS', 0, 200, [['Allow', 'GET']]), again: { status: 503, fields: [], text: '' } },
      ],
    ],
    [
      'a plain answer that does not come again',
      [
        { ...answer('OPTIONS', null, 503), again: { status: 200, fields: [], text: '' } },
        answer('OPTIONS', 0, 200, [['Allow', 'GET']]),
      ],
    ],
  ])('claims nothing from %s', (_name, asked) => {
    expect(judgeHops(asked, SENT)).toEqual({ hops: [], added: [], byHop: asked.map(() => null) })
  })

  test('claims nothing from nothing', () => {
    expect(judgeHops([], SENT)).toEqual({ hops: [], added: [], byHop: [] })
  })
})

describe('readEcho()', () => {
  test.each<[string, string, FieldLine[] | null]>([
    [
      'an echo',
      'TRACE / HTTP/1.1\r\nHost: a.test\r\nVia: 1.1 b\r\n\r\nrest: no',
      [
        ['Host', 'a.test'],
        ['Via', '1.1 b'],
      ],
    ],
    ['bare line feeds', 'TRACE / HTTP/1.1\nHost:a.test\n\n', [['Host', 'a.test']]],
    ['an error page', '<html>TRACE / is not allowed</html>', null],
    ['nothing', '', null],
  ])('reads %s', (_name, text, expected) => {
    expect(readEcho({ fields: [], text })).toEqual(expected)
  })

  test('reads no more lines than its bound of a hostile echo', () => {
    const text = `TRACE / HTTP/1.1\n${'A: b\n'.repeat(100_000)}`
    expect(readEcho({ fields: [], text })?.length).toBe(99)
  })
})
