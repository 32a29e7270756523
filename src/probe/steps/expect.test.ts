import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../../test/fake-clock.ts'
import { DEFAULT_LIMITS, DEFAULT_OPTIONS, type Expectations, type Limits } from '../../model/check-options.ts'
import { WhydownError } from '../../model/error.ts'
import type { Observation } from '../../model/observation.ts'
import type { CertificateFacts, Exchange, FieldLine } from '../../model/result.ts'
import { Deadline } from '../../util/deadline.ts'
import type { ProbeContext } from '../context.ts'
import { Recorder } from '../recorder.ts'
import { keepDecodedText } from './content.ts'
import { type Judgement, judgeExpectations } from './expect.ts'
import type { Answered } from './expectation.ts'

interface Situation {
  status?: number
  reason?: string
  fields?: FieldLine[]
  body?: string | Uint8Array
  bodyTooLarge?: boolean
  bodyComplete?: boolean
  certificates?: CertificateFacts[]
  tookMs?: number
  expect?: Partial<Expectations>
  limits?: Partial<Limits>
}

interface Judged extends Judgement {
  seen: Observation[]
  answered: Answered
  ctx: ProbeContext
}

function answer(situation: Situation): { answered: Answered; ctx: ProbeContext } {
  const clock = fakeClock()
  const io = { clock, randomInt: () => 0, readText: () => null, progress: null }
  const ctx: ProbeContext = {
    options: {
      ...DEFAULT_OPTIONS,
      limits: { ...DEFAULT_LIMITS, ...situation.limits },
      expect: { ...DEFAULT_OPTIONS.expect, ...situation.expect },
    },
    io,
    recorder: new Recorder(io),
    deadline: new Deadline(clock, 20_000),
  }
  clock.advance(situation.tookMs ?? 0)
  const body = typeof situation.body === 'string' ? new TextEncoder().encode(situation.body) : situation.body
  const exchange: Exchange = {
    url: 'http://shop.example.test/',
    method: 'GET',
    address: null,
    proxy: null,
    timings: { resolve: null, connect: null, tls: null, send: null, wait: null, receive: null },
    tls: situation.certificates
      ? {
          version: 'TLSv1.3',
          cipher: null,
          alpn: null,
          sni: null,
          certificates: situation.certificates,
          verified: true,
          problems: [],
          clientCertificateRequested: false,
          ocsp: null,
        }
      : null,
    request: null,
    response: {
      version: '1.1',
      status: situation.status ?? 200,
      reason: situation.reason ?? 'OK',
      fields: situation.fields ?? [],
      trailers: [],
      interim: [],
      fieldBytes: 0,
      bodyBytes: body?.length ?? 0,
      bodyTruncated: false,
      raw: null,
      text: null,
    },
    unparsed: null,
    failure: null,
    observations: [],
  }
  const answered: Answered = {
    exchange,
    body: body ?? new Uint8Array(0),
    bodyTooLarge: situation.bodyTooLarge ?? false,
    bodyComplete: situation.bodyComplete ?? !situation.bodyTooLarge,
  }
  return { answered, ctx }
}

async function judge(situation: Situation): Promise<Judged> {
  const { answered, ctx } = answer(situation)
  const judgement = await judgeExpectations(answered, ctx)
  return { ...judgement, seen: ctx.recorder.observations, answered, ctx }
}

function certificate(subject: string, daysLeft: number): CertificateFacts {
  return {
    subject,
    issuer: 'CN=ca',
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2026-12-01T00:00:00Z',
    daysLeft,
    names: [],
    serialNumber: '01',
    fingerprint: '',
    key: 'EC P-256',
    signature: null,
    isCa: false,
    selfSigned: false,
  }
}

const GZIP: FieldLine[] = [['Content-Encoding', 'gzip']]
const JSON_TYPE: FieldLine[] = [['Content-Type', 'application/json']]

describe('judgeExpectations() of the status', () => {
  it.each<[status: number, accepted: [number, number][], met: boolean]>([
    [200, [[200, 399]], true],
    [399, [[200, 399]], true],
    [400, [[200, 399]], false],
    [199, [[200, 399]], false],
    [
      404,
      [
        [200, 299],
        [404, 404],
      ],
      true,
    ],
    [200, [], false],
  ])('%i within %o: %o', async (status, accepted, met) => {
    const { failure, seen } = await judge({ status, expect: { status: accepted } })
    expect(failure === null).toBe(met)
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({
      operation: 'expect',
      input: { kind: 'status', accepted },
      output: { met, found: status },
    })
  })

  it('names status and reason when it is not accepted', async () => {
    const { failure, attention, answered } = await judge({ status: 502, reason: 'Bad Gateway' })
    expect(failure).toEqual({
      phase: 'status',
      code: 'status_unaccepted',
      number: '502',
      raw: '502 Bad Gateway',
    })
    expect(attention).toEqual([])
    expect(answered.exchange.observations).toEqual(['o1'])
    expect((await judge({ status: 503, reason: '' })).failure?.raw).toBe('503')
  })

  it('says nothing about content behind a status that is not accepted', async () => {
    const { failure, seen } = await judge({ status: 502, body: 'oops', expect: { text: ['Welcome'] } })
    expect(failure?.code).toBe('status_unaccepted')
    expect(seen.map(({ input }) => input.kind)).toEqual(['status'])
  })

  it('keeps the text of a coded error page, which nobody can read from raw bytes', async () => {
    const page = '<h1>502 Bad Gateway</h1>'
    const { answered, seen } = await judge({ status: 502, fields: GZIP, body: gzipSync(page) })
    expect(answered.exchange.response?.text).toBe(page)
    expect(seen.map(({ operation }) => operation)).toEqual(['expect', 'decode'])
    expect(answered.exchange.observations).toEqual(['o1', 'o2'])
  })

  it('keeps no text of a plain error page, nor of a coded good one', async () => {
    expect((await judge({ status: 502, body: 'plain' })).answered.exchange.response?.text).toBeNull()
    const good = await judge({ fields: GZIP, body: gzipSync('good'), expect: { text: ['good'] } })
    expect(good.failure).toBeNull()
    expect(good.answered.exchange.response?.text).toBeNull()
  })

  it('keeps no more text than is kept of raw bytes', async () => {
    const body = gzipSync('x'.repeat(5_000))
    const { answered } = await judge({ status: 500, fields: GZIP, body, limits: { keptBytes: 1_000 } })
    expect(answered.exchange.response?.text).toBe('x'.repeat(1_000))
  })

  it('judges nothing without a response', async () => {
    const { answered, ctx } = answer({})
    answered.exchange.response = null
    expect(await judgeExpectations(answered, ctx)).toEqual({ failure: null, attention: [] })
    expect(ctx.recorder.observations).toEqual([])
  })
})

describe('judgeExpectations() of texts', () => {
  it('finds the check word, hidden in a comment or not', async () => {
    const { failure, seen } = await judge({
      body: '<p>Hello <!-- all is well --></p>',
      expect: { text: ['Hello', 'all is well'] },
    })
    expect(failure).toBeNull()
    expect(seen.map(({ output }) => output)).toEqual([
      { met: true, found: 200 },
      { met: true, offset: 3 },
      { met: true, offset: 14 },
    ])
  })

  it('finds it in any charset', async () => {
    const { failure } = await judge({
      fields: [['Content-Type', 'text/html; charset=iso-8859-1']],
      body: Buffer.from('schön', 'latin1'),
      expect: { text: ['schön'] },
    })
    expect(failure).toBeNull()
  })

  it('finds it behind several codings', async () => {
    const { failure, seen } = await judge({
      fields: [['Content-Encoding', 'gzip, br']],
      body: brotliCompressSync(gzipSync('Hello')),
      expect: { text: ['Hello'] },
    })
    expect(failure).toBeNull()
    expect(seen[1]).toMatchObject({
      operation: 'decode',
      input: { codings: ['gzip', 'br'] },
      output: { bytes: 5, complete: true, truncated: false, charset: 'utf-8' },
      failure: null,
    })
  })

  it('says which word is missing, judging them all', async () => {
    const { failure, seen } = await judge({
      body: 'one three',
      expect: { text: ['one', 'two', 'three', 'four'] },
    })
    expect(failure).toMatchObject({ phase: 'content', code: 'text_missing', number: '010' })
    expect(failure?.raw).toBe('"two" is not in the 9 characters of the content')
    expect(seen.slice(1).map(({ output }) => output?.met)).toEqual([true, false, true, false])
    expect(seen[2]?.failure).toBe(failure)
  })

  it('is case-sensitive and tells a near miss', async () => {
    const { failure, seen } = await judge({ body: 'say HELLO', expect: { text: ['Hello'] } })
    expect(failure?.raw).toMatch(/found with other letter case: "HELLO"$/)
    expect(seen[1]?.output).toMatchObject({ met: false, nearMiss: { found: 'HELLO' } })
  })

  it('says when the content is empty', async () => {
    expect((await judge({ expect: { text: ['x'] } })).failure?.raw).toBe('the content is empty')
  })

  it('says where an unwanted text stands', async () => {
    const { failure, seen } = await judge({
      body: `<p>${'a'.repeat(100)}database error${'b'.repeat(100)}`,
      expect: { rejectText: ['absent', 'database error'] },
    })
    expect(failure).toMatchObject({ phase: 'content', code: 'text_unwanted', number: '010' })
    expect(failure?.raw).toBe('"database error" is in the content, at character 103')
    expect(seen[1]?.output).toEqual({ met: true, offset: null })
    expect(seen[2]?.output).toEqual({
      met: false,
      offset: 103,
      excerpt: `${'a'.repeat(40)}database error${'b'.repeat(40)}`,
    })
  })

  it('quotes a long word in part', async () => {
    const { failure } = await judge({ body: 'x', expect: { text: ['w'.repeat(5_000)] } })
    expect(failure?.raw.length).toBeLessThan(300)
  })
})

describe('judgeExpectations() of content that is not whole', () => {
  it('takes a word that stands in what was read', async () => {
    const { failure } = await judge({ body: 'Hello', bodyTooLarge: true, expect: { text: ['Hello'] } })
    expect(failure).toBeNull()
  })

  it('cannot tell what is not there when the body is too large', async () => {
    const { failure, seen } = await judge({
      body: 'Hello',
      bodyTooLarge: true,
      expect: { text: ['Bye'], rejectText: ['error'] },
    })
    expect(failure).toMatchObject({ phase: 'content', code: 'body_too_large', number: '010' })
    expect(failure?.raw).toMatch(/only its first 5 bytes were read/)
    expect(seen.slice(1).map(({ output }) => output?.met)).toEqual([null, null])
  })

  it('says what is certain before what is not', async () => {
    const { failure } = await judge({
      body: 'Hello error',
      bodyTooLarge: true,
      expect: { text: ['Bye'], rejectText: ['error'] },
    })
    expect(failure?.code).toBe('text_unwanted')
  })

  it('is too large when it grows too large', async () => {
    const { failure, seen } = await judge({
      fields: GZIP,
      body: gzipSync('x'.repeat(100_000)),
      expect: { text: ['y'] },
      limits: { decodedBytes: 1_000 },
    })
    expect(failure).toMatchObject({ code: 'body_too_large' })
    expect(failure?.raw).toMatch(/only the first 1000 bytes of it were decoded/)
    expect(seen[1]).toMatchObject({
      operation: 'decode',
      output: { bytes: 1_000, truncated: true },
      failure: null,
    })
  })

  it('a large body that nothing is expected of is no failure', async () => {
    expect((await judge({ body: 'Hello', bodyTooLarge: true })).failure).toBeNull()
  })

  it('says that a missing word may be in the part that did not come', async () => {
    const { failure } = await judge({ body: 'Hello', bodyComplete: false, expect: { text: ['Bye'] } })
    expect(failure?.code).toBe('text_missing')
    expect(failure?.raw).toMatch(/the body did not come whole: only 5 bytes of it/)
    const unwanted = await judge({ body: 'Hello', bodyComplete: false, expect: { rejectText: ['Bye'] } })
    expect(unwanted.failure).toBeNull()
    expect(unwanted.seen[1]).toMatchObject({
      output: { met: null },
      notes: [expect.stringMatching(/^undecided: /)],
    })
  })
})

describe('judgeExpectations() of content that cannot be decoded', () => {
  it('fails in the phase receive, whatever is expected of the content', async () => {
    const { failure, seen } = await judge({
      fields: GZIP,
      body: 'plain text',
      expect: { text: ['plain'], rejectText: ['error'], json: [{ path: 'a' }] },
    })
    expect(failure).toMatchObject({ phase: 'receive', code: 'body_undecodable', number: '003' })
    expect(failure?.raw).toMatch(/does not begin with the bytes 1f 8b of gzip; it looks like plain text/)
    expect(seen[1]).toMatchObject({ operation: 'decode', failure: { code: 'body_undecodable' } })
    expect(seen.slice(2).map(({ output }) => output?.met)).toEqual([null, null, null])
  })

  it('keeps what could be decoded, and finds words in it', async () => {
    const whole = gzipSync(`Hello ${Array.from({ length: 3_000 }, (_, index) => index * 7919).join(' ')}`)
    const { failure, seen, answered } = await judge({
      fields: GZIP,
      body: whole.subarray(0, whole.length >> 1),
      expect: { text: ['Hello', 'Bye'] },
    })
    expect(failure).toMatchObject({ code: 'body_undecodable' })
    expect(failure?.raw).toMatch(/ends too early/)
    expect(seen.slice(2).map(({ output }) => output?.met)).toEqual([true, null])
    expect(answered.exchange.response?.text?.startsWith('Hello 0 7919 15838')).toBe(true)
  })

  it('is not blamed for ending early when we stopped reading', async () => {
    const whole = gzipSync(Array.from({ length: 3_000 }, (_, index) => index * 7919).join(' '))
    const { failure, seen } = await judge({
      fields: GZIP,
      body: whole.subarray(0, whole.length >> 1),
      bodyTooLarge: true,
      expect: { text: ['Bye'] },
    })
    expect(failure?.code).toBe('body_too_large')
    expect(seen[1]).toMatchObject({ operation: 'decode', failure: null })
    expect(seen[1]?.notes?.[0]).toMatch(/ends too early/)
  })

  it('is blamed for being something else, even when we stopped reading', async () => {
    const { failure } = await judge({
      fields: GZIP,
      body: 'plain text',
      bodyTooLarge: true,
      expect: { text: ['Bye'] },
    })
    expect(failure?.code).toBe('body_undecodable')
  })

  it('fails although nothing is expected of it: no browser could show it', async () => {
    const { failure } = await judge({ fields: GZIP, body: 'plain text' })
    expect(failure).toMatchObject({ phase: 'receive', code: 'body_undecodable' })
  })

  it('is no failure of an answer without a body', async () => {
    expect((await judge({ fields: GZIP, body: '' })).failure).toBeNull()
  })

  it('names an unknown coding', async () => {
    const { failure } = await judge({
      fields: [['Content-Encoding', 'sdch']],
      body: 'x',
      expect: { text: ['x'] },
    })
    expect(failure?.raw).toBe('the content coding "sdch" is unknown')
  })
})

describe('judgeExpectations() of JSON', () => {
  const body = '{"status":"ok","n":5,"items":[{"up":true},{"up":false}],"none":null}'

  it.each<[name: string, path: string, value: unknown, met: boolean, found: string, raw?: RegExp]>([
    ['a text', 'status', 'ok', true, '"ok"'],
    ['a number', '$.n', 5, true, '5'],
    ['null', 'none', null, true, 'null'],
    ['existence alone', 'none', undefined, true, 'null'],
    ['an object', 'items[0]', { up: true }, true, '{"up":true}'],
    ['another text', 'status', 'bad', false, '"ok"', /^"status" is "ok", "bad" expected$/],
    ['a number as text', 'n', '5', false, '5', /^"n" is the number 5, the string "5" expected$/],
    ['a value where null is wanted', 'n', null, false, '5', /^"n" is the number 5, the value null expected$/],
    ['one of several', 'items[*].up', true, false, 'false', /is false \(value 2 of 2\), true expected/],
  ])('%s', async (_name, path, value, met, found, raw) => {
    const { failure, seen } = await judge({ fields: JSON_TYPE, body, expect: { json: [{ path, value }] } })
    expect(seen[1]).toMatchObject({ input: { kind: 'json', path }, output: { met, found } })
    if (met) expect(failure).toBeNull()
    else {
      expect(failure).toMatchObject({ phase: 'content', code: 'json_mismatch', number: '010' })
      if (raw) expect(failure?.raw).toMatch(raw)
    }
  })

  it('says when nothing stands at the path', async () => {
    const { failure, seen } = await judge({ body, expect: { json: [{ path: 'missing.deeper' }] } })
    expect(failure?.raw).toBe('nothing stands at "missing.deeper"')
    expect(seen[1]?.output).toEqual({ met: false, found: null, matches: 0 })
  })

  it('says when the content is no JSON, and what it says it is', async () => {
    const html = await judge({
      fields: [['Content-Type', 'text/html; charset=utf-8']],
      body: '<html>',
      expect: { json: [{ path: 'a' }] },
    })
    expect(html.failure?.code).toBe('json_mismatch')
    expect(html.failure?.raw).toMatch(/^the content is not JSON \(Content-Type text\/html\): /)
    expect((await judge({ expect: { json: [{ path: 'a' }] } })).failure?.raw).toBe(
      'the content is empty and no JSON',
    )
  })

  it('reads JSON behind a byte order mark', async () => {
    expect(
      (await judge({ body: '\ufeff{"a":1}', expect: { json: [{ path: 'a', value: 1 }] } })).failure,
    ).toBeNull()
  })

  it('cannot tell from a part of it', async () => {
    const { failure } = await judge({ body: '{"a":', bodyTooLarge: true, expect: { json: [{ path: 'a' }] } })
    expect(failure?.code).toBe('body_too_large')
    const cut = await judge({ body: '{"a":', bodyComplete: false, expect: { json: [{ path: 'a' }] } })
    expect(cut.failure?.raw).toMatch(/; the body did not come whole/)
  })

  it('shows a bounded piece of what it found', async () => {
    const { seen } = await judge({
      body: JSON.stringify({ a: 'x'.repeat(10_000) }),
      expect: { json: [{ path: 'a', value: 1 }] },
    })
    expect(String(seen[1]?.output?.found).length).toBe(200)
  })

  it('throws for a path that does not parse, because that is the caller`s mistake', async () => {
    await expect(judge({ body, expect: { json: [{ path: 'a[' }] } })).rejects.toThrow(WhydownError)
  })
})

describe('judgeExpectations() of certificates', () => {
  it('looks at the one that runs out first', async () => {
    const { failure, attention, seen } = await judge({
      certificates: [certificate('CN=leaf', 40), certificate('CN=intermediate', 11)],
      expect: { certificateDays: 14 },
    })
    expect(failure).toBeNull()
    expect(attention).toEqual([seen[1]?.failure])
    expect(attention[0]).toMatchObject({ phase: 'content', code: 'certificate_expiring', number: null })
    expect(attention[0]?.raw).toMatch(/CN=intermediate has 11 days left .*, 14 expected/)
    expect(seen[1]?.output).toMatchObject({ met: false, found: 11, subject: 'CN=intermediate' })
  })

  it.each<[daysLeft: number, met: boolean]>([
    [14, true],
    [13, false],
    [-3, false],
  ])('with %i days left of 14: %o', async (daysLeft, met) => {
    const { attention } = await judge({
      certificates: [certificate('CN=leaf', daysLeft)],
      expect: { certificateDays: 14 },
    })
    expect(attention.length === 0).toBe(met)
    if (daysLeft < 0) expect(attention[0]?.raw).toMatch(/expired 3 days ago/)
  })

  it('cannot tell without TLS', async () => {
    const { attention, seen } = await judge({ expect: { certificateDays: 14 } })
    expect(attention).toEqual([])
    expect(seen[1]).toMatchObject({ output: { met: null }, notes: [expect.stringMatching(/without TLS/)] })
  })

  it('is told although the status failed', async () => {
    const { failure, attention } = await judge({
      status: 500,
      certificates: [certificate('CN=leaf', 1)],
      expect: { certificateDays: 14 },
    })
    expect(failure?.code).toBe('status_unaccepted')
    expect(attention[0]?.code).toBe('certificate_expiring')
  })
})

describe('judgeExpectations() of time', () => {
  it.each<[tookMs: number, met: boolean]>([
    [1_000, true],
    [1_001, false],
  ])('%i ms of 1000: %o', async (tookMs, met) => {
    const { failure, attention, seen } = await judge({ tookMs, expect: { maxMs: 1_000 } })
    expect(failure).toBeNull()
    expect(seen[1]).toMatchObject({ input: { kind: 'time', maxMs: 1_000 }, output: { met, found: tookMs } })
    if (met) expect(attention).toEqual([])
    else
      expect(attention[0]).toMatchObject({ code: 'too_slow', raw: 'took 1001 ms, at most 1000 ms expected' })
  })
})

describe('keepDecodedText()', () => {
  it('keeps what can be read of a coded body that was cut', async () => {
    const whole = gzipSync(Array.from({ length: 3_000 }, (_, index) => index * 7919).join(' '))
    const { answered, ctx } = answer({
      status: 502,
      fields: GZIP,
      body: whole.subarray(0, whole.length >> 1),
      bodyComplete: false,
    })
    await keepDecodedText(answered, ctx)
    expect(answered.exchange.response?.text?.startsWith('0 7919 ')).toBe(true)
    expect(ctx.recorder.observations[0]).toMatchObject({ operation: 'decode', failure: null })
    await keepDecodedText(answered, ctx)
    expect(ctx.recorder.observations).toHaveLength(1)
  })

  it('leaves plain and empty content alone', async () => {
    for (const situation of [{ body: 'plain' }, { fields: GZIP }]) {
      const { answered, ctx } = answer(situation)
      await keepDecodedText(answered, ctx)
      expect(answered.exchange.response?.text).toBeNull()
      expect(ctx.recorder.observations).toEqual([])
    }
  })
})
