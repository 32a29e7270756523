import { describe, expect, test } from 'vitest'
import { HOSTILE, hostileResult } from '../../../test/golden/hostile-result.ts'
import {
  sampleDiagnosis,
  sampleExchange,
  sampleGlance,
  sampleObservation,
  sampleResponse,
  sampleResult,
} from '../../../test/golden/sample-result.ts'
import { failure } from '../../model/failure.ts'
import type { CheckResult } from '../../model/result.ts'
import html from './html.ts'

const OPTIONS = { width: 80, color: false, ascii: false, version: '1.2.3' }

function failing(over: Partial<CheckResult> = {}): CheckResult {
  const failed = failure('status_unaccepted', '502 Bad Gateway', { number: '502' })
  const exchange = sampleExchange({
    failure: failed,
    response: sampleResponse(
      'HTTP/1.1 502 Bad Gateway\r\nSet-Cookie: sid=hunter2hunter2; Path=/\r\nX-Request-Id: 8c1d\r\n\r\n',
      '<h1>502</h1>',
    ),
  })
  const result = sampleResult(
    { exchanges: [exchange], failure: failed, diagnosis: sampleDiagnosis(), ...over },
    [{ ...sampleObservation('connect', { ip: '192.0.2.7' }, { connected: true }), id: 'o1' }],
  )
  result.drill = [
    {
      step: 'addresses',
      summary: '1 of 1 fails',
      skipped: null,
      finding: {
        kind: 'addresses',
        each: [{ ip: '192.0.2.7', family: 4, verdict: 'same', glance: sampleGlance() }],
      },
      observations: ['o1'],
    },
    {
      step: 'proxy',
      summary: 'skipped: no proxy was used',
      skipped: 'no proxy was used',
      finding: null,
      observations: [],
    },
  ]
  return result
}

describe('html.render()', () => {
  const page = html.render(failing(), OPTIONS)

  test('tells the verdict, the way, the reasons, the steps, the looks and the bytes', () => {
    for (const part of [
      '<header class="down">',
      'Behind the gateway: nginx could not reach the application.',
      'Why we say so',
      'connection refused',
      'For those who run it',
      'Look into the log of nginx.',
      'the peer asks to wait 2 min',
      '2026-11-20 09:00:00.123 UTC',
      '1 of 1 fails',
      'skipped: no proxy was used',
      '&lt;h1&gt;502&lt;/h1&gt;',
      '00000000  48 54 54 50',
      'whydown 1.2.3',
    ]) {
      expect(page).toContain(part)
    }
  })

  test('draws the chain twice and a bar for every timed step', () => {
    expect(page.match(/<svg class="chain /g)).toHaveLength(2)
    expect(page).toContain('aria-label="you works, network works, server broken here"')
    expect(page.match(/<rect class="span ok"/g)).toHaveLength(4)
    for (const [, width] of page.matchAll(/<rect class="span [a-z]+" x="[\d.]+%" y="2" width="([\d.]+)%"/g)) {
      expect(Number(width)).toBeGreaterThan(0.5)
      expect(Number(width)).toBeLessThanOrEqual(100)
    }
  })

  test('reasons and looks point at observations that are there, and at no others', () => {
    const targets = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id))
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
    expect(links.length).toBeGreaterThan(1)
    for (const href of links) expect(targets).toContain(href?.slice(1))
  })

  test('masks cookies in fields, text and hex unless told not to', () => {
    const hex = Buffer.from('hunter2').toString('hex').replace(/../g, '$& ').trim()
    expect(page).toContain('Set-Cookie: sid=**************; Path=/')
    expect(page).toContain('are masked')
    for (const secret of ['hunter2', hex]) expect(page).not.toContain(secret)
    const open = html.render(failing(), { ...OPTIONS, redact: false })
    expect(open).toContain('sid=hunter2hunter2')
    expect(open).not.toContain('are masked')
  })

  test('refers to nothing outside of itself and forbids scripts', () => {
    expect(page).toContain(
      'content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:',
    )
    for (const attribute of page.matchAll(/\s(?:src|href|action|srcset|data|poster|background)="([^"]*)"/g)) {
      expect(attribute[1]).toMatch(/^#/)
    }
    expect(page).not.toMatch(
      /<(?:script|iframe|object|embed|link|form|base|img)\b|@import|url\(|\son[a-z]+=/i,
    )
  })

  test('a site that is up, a check that never connected, and no exchange at all are pages, too', () => {
    const up = html.render(
      sampleResult({
        exchanges: [sampleExchange({ response: sampleResponse('HTTP/1.1 200 OK\r\n\r\n', 'hi') })],
      }),
      OPTIONS,
    )
    expect(up).toContain('<header class="up">')
    expect(up).not.toContain('Why we say so')
    const failed = failure('bad_url', 'no host')
    expect(html.render(sampleResult({ exchanges: [], failure: failed }), OPTIONS)).toContain('no host')
    const extreme = html.render(failing({ durationMs: 1e13, startedAt: '9999-12-31T23:59:59.999Z' }), OPTIONS)
    expect(extreme).toContain('</html>')
  })

  test('bounds what it shows of endless evidence', () => {
    const failed = failure('status_unaccepted', '500', { number: '500' })
    const response = sampleResponse('HTTP/1.1 500 No\r\n\r\n', 'line\n'.repeat(50_000))
    const many = Array.from({ length: 3_000 }, () =>
      sampleObservation('receive', { text: 'x'.repeat(5_000) }, null),
    )
    const long = html.render(
      sampleResult({ exchanges: [sampleExchange({ failure: failed, response })], failure: failed }, many),
      OPTIONS,
    )
    expect(long.length).toBeLessThan(1_500_000)
    expect(long).toContain('and 2500 more')
  })

  test('hostile text stays text: no tag, attribute or entity of its making, nothing invisible', () => {
    const hostile = html.render(hostileResult(), { ...OPTIONS, redact: false })
    expect(hostile).not.toMatch(/<(?:script|img|base|iframe)\b|<svg onload/i)
    expect(hostile.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    expect(hostile).toContain('&amp;lt;script&amp;gt;')
    expect(hostile.match(/<meta http-equiv/g)).toHaveLength(1)
    expect(HOSTILE).toContain('<script>')
  })
})
