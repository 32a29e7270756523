import { describe, expect, it } from 'vitest'
import { PROXY_ERROR_TYPES } from '../../src/model/diagnosis.ts'
import {
  parseCacheStatus,
  readAge,
  readCacheAnswers,
  readCacheWord,
} from '../../src/diagnose/hops/cache-status.ts'
import { parseProxyStatus } from '../../src/diagnose/hops/proxy-status.ts'
import { readReferences } from '../../src/diagnose/hops/references.ts'
import { readRetryAfter } from '../../src/diagnose/hops/retry-after.ts'
import { parseCdnLoop, parseServerTiming } from '../../src/diagnose/hops/server-timing.ts'
import { parseVia, readTrafficServerVia } from '../../src/diagnose/hops/via.ts'
import { hopsInWords } from '../../src/diagnose/hops/words.ts'

const fields = (entries: Record<string, string | string[]>): Map<string, string[]> =>
  new Map(Object.entries(entries).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]))

describe('parseProxyStatus()', () => {
  it('knows every error type of the registry', () => {
    for (const type of Object.keys(PROXY_ERROR_TYPES)) {
      expect(parseProxyStatus([`edge; error=${type}`])?.[0]?.error).toBe(type)
    }
    expect(Object.keys(PROXY_ERROR_TYPES)).toHaveLength(32)
  })

  it("keeps an unregistered type, and reads the RFC's own read_timeout", () => {
    expect(parseProxyStatus(['edge; error=brand_new'])?.[0]).toMatchObject({
      error: null,
      errorToken: 'brand_new',
    })
    expect(parseProxyStatus(['edge; error=read_timeout'])?.[0]?.error).toBe('connection_read_timeout')
  })

  it('reads all parameters, in order of the members', () => {
    const lines = [
      '"cdn.test"; error=dns_error; rcode="NXDOMAIN"; info-code=22; next-hop=backend.test; next-protocol=h2; details="gone"',
      'edge; received-status=502',
    ]
    expect(parseProxyStatus(lines)).toEqual([
      {
        name: 'cdn.test',
        error: 'dns_error',
        errorToken: 'dns_error',
        nextHop: 'backend.test',
        nextProtocol: 'h2',
        receivedStatus: null,
        details: 'gone',
        extra: { rcode: 'NXDOMAIN', 'info-code': '22' },
      },
      {
        name: 'edge',
        error: null,
        errorToken: null,
        nextHop: null,
        nextProtocol: null,
        receivedStatus: 502,
        details: null,
        extra: {},
      },
    ])
  })

  it('gives null for what is no structured list', () => {
    expect(parseProxyStatus(['"open'])).toBeNull()
  })
})

describe('parseCacheStatus()', () => {
  it.each([
    ['edge; hit', { hit: true, forward: null }],
    [
      'edge; hit=?0; fwd=stale; fwd-status=503; stored; ttl=-30; detail=x',
      { hit: false, forward: 'stale', forwardStatus: 503, stored: true, ttl: -30, detail: 'x' },
    ],
    ['"Edge one"; fwd=uri-miss; collapsed', { name: 'Edge one', forward: 'uri-miss', collapsed: true }],
  ])('%s', (line, expected) => {
    expect(parseCacheStatus([line])?.[0]).toMatchObject(expected)
  })
})

describe('readCacheWord()', () => {
  it.each([
    ['HIT', 'hit'],
    ['TCP_MEM_HIT', 'hit'],
    ['TCP_REFRESH_MISS from x', 'revalidated'],
    ['Error from cloudfront', 'error'],
    ['MISS', 'miss'],
    ['EXPIRED', 'miss'],
    ['STALE', 'stale'],
    ['UPDATING', 'stale'],
    ['DYNAMIC', 'bypass'],
    ['CONFIG_NOCACHE', 'bypass'],
    ['REVALIDATED', 'revalidated'],
    ['banana', null],
    ['', null],
  ])('%s -> %s', (text, word) => {
    expect(readCacheWord(text)).toBe(word)
  })
})

describe('readCacheAnswers()', () => {
  it('gives one answer per cache of a list', () => {
    expect(readCacheAnswers(fields({ 'x-cache': 'MISS, HIT', 'cf-cache-status': 'DYNAMIC' }))).toEqual([
      { field: 'x-cache', word: 'miss', says: 'MISS' },
      { field: 'x-cache', word: 'hit', says: 'HIT' },
      { field: 'cf-cache-status', word: 'bypass', says: 'DYNAMIC' },
    ])
  })
})

describe('readAge()', () => {
  it.each([
    ['12', 12],
    ['-1', null],
    ['x', null],
  ])('%s', (text, age) => {
    expect(readAge(fields({ age: text }))).toBe(age)
  })
  it('is null without the field', () => {
    expect(readAge(fields({}))).toBeNull()
  })
})

describe('parseVia()', () => {
  it('keeps an unknown pseudonym, a port and a nested comment with a comma', () => {
    expect(parseVia(['1.1 alpha, HTTP/2 gw.test:8080 (box (v1, beta))', '1.0 fred'])).toEqual([
      { protocol: '1.1', receivedBy: 'alpha', comment: null },
      { protocol: 'HTTP/2', receivedBy: 'gw.test:8080', comment: 'box (v1, beta)' },
      { protocol: '1.0', receivedBy: 'fred', comment: null },
    ])
  })

  it('leaves out what is no entry', () => {
    expect(parseVia([', ,alone, 1.1 ', ''])).toEqual([])
  })
})

describe('readTrafficServerVia()', () => {
  it('decodes the short and the long form', () => {
    expect(readTrafficServerVia('ApacheTrafficServer/9.2.3 [cMsEf ]')).toMatchObject({
      cache: 'miss',
      server: 'error in the response',
    })
    expect(readTrafficServerVia('ApacheTrafficServer/9.2.3 [uScMsEf p eC:t cCMi p sF]')).toEqual({
      cache: 'miss',
      server: 'error in the response',
      error: 'connection to the server failed',
      parentFailed: false,
      originFailed: true,
    })
    expect(readTrafficServerVia('ApacheTrafficServer/9.2.3')).toBeNull()
  })
})

describe('parseServerTiming()', () => {
  it('reads durations and descriptions, commas in quotes included', () => {
    expect(
      parseServerTiming(['cdn-cache; desc="MISS, cold", origin; dur=12.5', 'bad name; dur=1, edge;dur=x']),
    ).toEqual([
      { name: 'cdn-cache', durationMs: null, description: 'MISS, cold' },
      { name: 'origin', durationMs: 12.5, description: null },
      { name: 'edge', durationMs: null, description: null },
    ])
  })
})

describe('parseCdnLoop()', () => {
  it('reads the ids, not their parameters', () => {
    expect(parseCdnLoop(['foo.test; x="a,b", barcdn; host="x"', 'Fastly'])).toEqual([
      'foo.test',
      'barcdn',
      'Fastly',
    ])
  })
})

describe('readRetryAfter()', () => {
  it.each([
    [{ 'retry-after': '120' }, 120],
    [{ 'retry-after': 'Mon, 01 Jan 2024 00:02:00 GMT', date: 'Mon, 01 Jan 2024 00:00:00 GMT' }, 120],
    [{ 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT', date: 'Mon, 01 Jan 2024 00:02:00 GMT' }, 0],
    [{ 'retry-after': 'Mon, 01 Jan 2024 00:02:00 GMT' }, null],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': '999999999' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{}, null],
  ])('%o', (entries, seconds) => {
    expect(readRetryAfter(fields(entries as Record<string, string>))).toBe(seconds)
  })
})

describe('readReferences()', () => {
  it('quotes ids, and nothing that could steer a terminal', () => {
    expect(readReferences(fields({ 'cf-ray': '83f0-FRA', 'x-request-id': 'a\u001b[31m' }))).toEqual([
      { name: 'Cloudflare Ray ID', value: '83f0-FRA' },
    ])
  })
})

describe('hopsInWords()', () => {
  it('says what hops say, no more than a few sentences', () => {
    const said = hopsInWords(
      fields({
        via: 'http/1.1 ats (ApacheTrafficServer/9.2.3 [uScMsEf p eT:t cCMi p sF])',
        'cache-status': 'edge; fwd=miss; fwd-status=502',
        'x-cache': 'Error from cloudfront',
        age: '9',
        'server-timing': 'origin;dur=30',
        'cdn-loop': 'foo',
      }),
    )
    expect(said).toHaveLength(6)
    expect(said[0]).toContain('connection timed out')
    expect(said.join(' ')).toMatch(/got status 502.*cloudfront.*9 s.*30 ms.*foo/)
  })
})
