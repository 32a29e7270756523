import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleExchange, sampleResponse, sampleResult } from '../../../test/golden/sample-result.ts'
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
