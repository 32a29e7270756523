import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOSTILE, hostileResult } from '../../../test/golden/hostile-result.ts'
import {
  sampleDiagnosis,
  sampleExchange,
  sampleResponse,
  sampleResult,
} from '../../../test/golden/sample-result.ts'
import { failure } from '../../model/failure.ts'
import markdown, { codeSpan, fencedBlock } from './markdown.ts'

const OPTIONS = { width: 80, color: false, ascii: false, version: '1.2.3' }
const UNICODE = { ascii: false }

describe('codeSpan()', () => {
  test.each([
    ['plain', '`plain`'],
    ['a `tick`', '`` a `tick` ``'],
    ['```', '```` ``` ````'],
    ['', ''],
    ['\x1b[31m @everyone #1 <script>', '`\\x1b[31m @everyone #1 <script>`'],
  ])('%j', (text, span) => {
    expect(codeSpan(text, UNICODE)).toBe(span)
  })

  test('is never left by what is inside', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\\', '|', '\n') }), (text) => {
        const span = codeSpan(text, UNICODE)
        if (span === '') return
        const fence = /^`+/.exec(span)?.[0] ?? ''
        // CommonMark: the span ends at the next run of exactly as many backticks.
        const runs = [...span.slice(fence.length).matchAll(/`+/g)].filter(
          ([run]) => run.length === fence.length,
        )
        expect(runs).toHaveLength(1)
        expect(span.endsWith(fence)).toBe(true)
      }),
    )
  })
})

describe('fencedBlock()', () => {
  test('has a fence longer than any run inside', () => {
    expect(fencedBlock(['```', 'x'], UNICODE)).toBe('````text\n```\nx\n````')
  })

  test('is never closed by what is inside', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('`', '~', 'a', ' ', '\r') })), (lines) => {
        const block = fencedBlock(lines, UNICODE).split('\n')
        const fence = /^`+/.exec(block[0] ?? '')?.[0] ?? ''
        const closing = block
          .slice(1)
          .filter((line) => new RegExp(`^ {0,3}\`{${fence.length},}\\s*$`).test(line))
        expect(closing).toEqual([fence])
      }),
    )
  })
})

test('markdown.render() lets nothing of the peer out of code', () => {
  const head = 'HTTP/1.1 502 Bad | `Gate`way [x](http://evil.test)\r\nServer: @admin\r\n\r\n'
  const failed = failure('status_unaccepted', '502 Bad | `Gate`way [x](http://evil.test)', { number: '502' })
  const exchange = sampleExchange({
    failure: failed,
    response: sampleResponse(
      head,
      '```\n# owned\n<img src=x onerror=alert(1)> @admin ![](http://evil.test)\n',
    ),
  })
  const report = markdown.render(sampleResult({ exchanges: [exchange], failure: failed }), OPTIONS)
  let outside = ''
  let fence: string | null = null
  for (const line of report.split('\n')) {
    const found = /^`{3,}/.exec(line)?.[0]
    if (fence === null && found) fence = found
    else if (fence !== null) {
      if (line === fence) fence = null
    } else outside += `${line.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, 'CODE')}\n`
  }
  expect(fence).toBeNull()
  expect(outside).toContain('## DOWN: CODE')
  expect(outside).not.toMatch(/evil|admin|owned|img/)
  // The bar in a table cell is escaped, or the table would fall apart.
  for (const row of report.split('\n').filter((line) => line.startsWith('| '))) {
    expect(row.replaceAll('\\|', '').match(/\|/g)).toHaveLength(5)
  }
})

describe('markdown.render() with a diagnosis', () => {
  test('tells headline, reasons, candidates, steps, looks, what to quote and whom to write to', () => {
    const result = sampleResult({
      exchanges: [sampleExchange()],
      failure: failure('status_unaccepted', '502'),
      diagnosis: sampleDiagnosis({ contact: ['abuse@net.test (abuse contact)'] }),
      drill: [{ step: 'cache', summary: 'it fails alike', skipped: null, finding: null, observations: [] }],
    })
    const report = markdown.render(result, OPTIONS)
    for (const part of [
      '**Behind the gateway: nginx could not reach the application.**',
      '- The page ends with nginx. (o1)',
      'One of these, likeliest first:\n\n- connection refused\n- dns error',
      '- Look into the log of nginx.',
      '- `request id: nginx`',
      '- `abuse@net.test` (abuse contact)',
      '- cache: it fails alike',
    ]) {
      expect(report).toContain(part)
    }
  })

  test('what a peer says in it neither formats, links, mentions nor refers', () => {
    const said = `${HOSTILE} # head *bold* _em_ [a](http://evil.test) ![b](c) @everyone #12 GH-3 www.evil.test <b> | \`x\` ~~s~~ $m$`
    const report = markdown.render(hostileResult(said), { ...OPTIONS, redact: false })
    const bare = report
      .replace(/^(`{3,})text\n[^]*?\n\1$/gm, '')
      .replace(/(?<!\\|`)(`+)(?!`)(?:[^]*?[^`])\1(?!`)/g, '')
      .replaceAll('<br>', '')
      .replace(/\\[\\`*_[\]<&~$|#>+=-]/g, '')
    expect(bare).not.toMatch(/[<[\]`@~$]|:\/\/|www\.|#\d|GH-\d/)
    // Our own: headline, phase, the broken link and the failed step.
    expect(bare.match(/\*+/g)).toEqual(Array.from({ length: 8 }, () => '**'))
  })

  test('masks cookies and tokens unless told not to', () => {
    const response = sampleResponse('HTTP/1.1 500 No\r\nSet-Cookie: sid=hunter2\r\n\r\n', '')
    const failed = failure('status_unaccepted', '500')
    const result = sampleResult({
      exchanges: [sampleExchange({ response, failure: failed })],
      failure: failed,
    })
    expect(markdown.render(result, OPTIONS)).toContain('sid=*******')
    expect(markdown.render(result, { ...OPTIONS, redact: false })).toContain('sid=hunter2')
  })
})
