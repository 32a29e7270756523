import { expect, test } from 'vitest'
import { sampleExchange, sampleResponse, sampleResult } from '../../../test/golden/sample-result.ts'
import json, { jsonLine } from './json.ts'

const hostile = sampleResult({
  exchanges: [
    sampleExchange({
      response: sampleResponse('HTTP/1.1 200 \x1b[2J\u009b1m\r\n\r\n', '', { text: '\u202e\u2028' }),
    }),
  ],
})

test('json.render() gives the result back unchanged, pretty, with a line break at its end', () => {
  const text = json.render(hostile)
  expect(JSON.parse(text)).toEqual(hostile)
  expect(text).toMatch(/^\{\n {2}"schema": 1,\n/)
  expect(text.endsWith('}\n')).toBe(true)
})

test('json.render() and jsonLine() hold nothing that a terminal would obey', () => {
  for (const text of [json.render(hostile).replaceAll('\n', ''), jsonLine(hostile)]) {
    expect(text).not.toMatch(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069]/u)
    expect(JSON.parse(text)).toEqual(hostile)
  }
})

test('json.render() keeps the order of the contract', () => {
  expect(Object.keys(JSON.parse(json.render(hostile)) as object)).toEqual([
    'schema',
    'url',
    'startedAt',
    'durationMs',
    'outcome',
    'failure',
    'diagnosis',
    'exchanges',
    'drill',
    'observations',
  ])
})
