import { describe, expect, test } from 'vitest'
import { sampleExchange, sampleResponse, sampleResult } from '../../test/golden/sample-result.ts'
import { FAILURE_CODES, type FailureCode, failure } from '../model/failure.ts'
import { failureSentence, resultSentence } from './sentences.ts'

const URL = 'https://www.example.test/'

describe('failureSentence()', () => {
  test.each(Object.keys(FAILURE_CODES) as FailureCode[])('%s is one sentence without a full stop', (code) => {
    for (const exchange of [null, sampleExchange(), sampleExchange({ address: null, proxy: 'http://p:1' })]) {
      const sentence = failureSentence(failure(code, 'the raw cause'), exchange, URL)
      expect(sentence.length).toBeGreaterThan(8)
      expect(sentence).not.toMatch(/[.\n]$|undefined|null/)
    }
  })

  test('no two codes say the same', () => {
    const codes = Object.keys(FAILURE_CODES) as FailureCode[]
    const said = new Set(codes.map((code) => failureSentence(failure(code, code), sampleExchange(), URL)))
    expect(said.size).toBe(codes.length)
  })

  test('names who was dialled', () => {
    const six = sampleExchange({ address: { ip: '2001:db8::7', port: 443, family: 6 } })
    expect(failureSentence(failure('connect_refused', ''), six, URL)).toBe(
      '[2001:db8::7]:443 refuses the connection',
    )
    const none = sampleExchange({ address: null, url: 'http://www.example.test:8080/' })
    expect(failureSentence(failure('connect_timed_out', ''), none, URL)).toContain('www.example.test:8080')
  })
})

test('resultSentence() says what came when all is well', () => {
  const response = sampleResponse('HTTP/1.1 200 OK\r\n\r\n', '')
  expect(resultSentence(sampleResult({ exchanges: [sampleExchange({ response })] }))).toBe(
    '200 OK from 192.0.2.7',
  )
})

test('resultSentence() looks at the exchange that was up, not at the try before it', () => {
  const failed = sampleExchange({ url: URL, failure: failure('connect_refused', 'ECONNREFUSED') })
  const good = sampleExchange({ response: sampleResponse('HTTP/1.1 204 No Content\r\n\r\n', '') })
  expect(resultSentence(sampleResult({ exchanges: [failed, good] }))).toBe('204 No Content from 192.0.2.7')
})
