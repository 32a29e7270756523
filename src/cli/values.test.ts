import { describe, expect, test } from 'vitest'
import { WhydownError } from '../model/error.ts'
import {
  parseCount,
  parseDuration,
  parseEndpoint,
  parseFieldLine,
  parseSize,
  parseStatusRanges,
  splitJsonExpectation,
} from './values.ts'

/** The message of the mistake that is thrown. */
function mistakeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof WhydownError) return error.message
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('parseDuration()', () => {
  test.each([
    ['500ms', 500],
    ['20s', 20_000],
    ['1.5s', 1_500],
    ['2m', 120_000],
    ['2min', 120_000],
    ['1h', 3_600_000],
    ['20', 20_000],
    ['0.25', 250],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration('--timeout', text)).toBe(ms)
  })

  test.each([
    '',
    '0',
    '0s',
    '-5s',
    '5d',
    's',
    '1e3',
    '25h',
    'NaN',
    'Infinity',
    '1_000',
    '5 s',
    '99999999999',
  ])('refuses %j', (text) => {
    expect(mistakeOf(() => parseDuration('--timeout', text))).toMatch(
      /^--timeout ".*" is not a duration .*20s/,
    )
  })
})

describe('parseSize()', () => {
  test.each([
    ['4096', 4096],
    ['64k', 65_536],
    ['4m', 4_194_304],
    ['4MiB', 4_194_304],
    ['1 kb', 1024],
  ])('%s is %i bytes', (text, bytes) => {
    expect(parseSize('--max-body', text)).toBe(bytes)
  })

  test.each(['', '0', '-1', '1g', '2048m', '1.5m', 'k'])('refuses %j', (text) => {
    expect(mistakeOf(() => parseSize('--max-body', text))).toContain('--max-body')
  })
})

describe('parseCount()', () => {
  test('takes whole numbers within the bounds', () => {
    expect(parseCount('--repeat', '3', 1, 10)).toBe(3)
  })

  test.each(['', '0', '11', '-1', '1.5', 'three', '1e1', '0x2'])('refuses %j', (text) => {
    expect(mistakeOf(() => parseCount('--repeat', text, 1, 10))).toContain('from 1 to 10')
  })
})

describe('parseStatusRanges()', () => {
  test.each([
    ['200', [[200, 200]]],
    [
      '200-399,404',
      [
        [200, 399],
        [404, 404],
      ],
    ],
    [
      '2xx, 3XX',
      [
        [200, 299],
        [300, 399],
      ],
    ],
  ])('reads %s', (text, ranges) => {
    expect(parseStatusRanges('--expect-status', text)).toEqual(ranges)
  })

  test.each(['', '99', '600', '299-200', '200-', '20', '200;300', '6xx', '2000'])('refuses %j', (text) => {
    expect(mistakeOf(() => parseStatusRanges('--expect-status', text))).toContain('--expect-status')
  })
})

describe('parseEndpoint()', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7', null],
    ['192.0.2.7:8080', '192.0.2.7', 8080],
    ['2001:db8::7', '2001:db8::7', null],
    ['[2001:db8::7]', '2001:db8::7', null],
    ['[2001:db8::7]:53', '2001:db8::7', 53],
  ])('reads %s', (text, ip, port) => {
    expect(parseEndpoint('--connect-to', text)).toEqual({ ip, port })
  })

  test.each([
    '',
    'example.com',
    'example.com:80',
    '192.0.2.7:',
    '192.0.2.7:0',
    '192.0.2.7:70000',
    '256.1.1.1',
    '[192.0.2.7]:80',
    '[::1',
    '::1:port',
    ':80',
  ])('refuses %j', (text) => {
    expect(mistakeOf(() => parseEndpoint('--connect-to', text))).toMatch(
      /^--connect-to ".*" is not an IP address/,
    )
  })
})

describe('parseFieldLine()', () => {
  test.each([
    ['X-A: b', 'X-A', 'b'],
    ['X-A:b:c', 'X-A', 'b:c'],
    ['X-Empty:', 'X-Empty', ''],
    ['Host: other.test', 'Host', 'other.test'],
    ['X-Name: Größe', 'X-Name', Buffer.from('Größe').toString('latin1')],
  ])('reads %s', (text, name, value) => {
    expect(parseFieldLine('--header', text)).toEqual([name, value])
  })

  test.each([
    '',
    'no colon',
    ': value',
    'Bad Name: x',
    'X: a\r\nY: b',
    'X: a\nb',
    'X: \0',
    'X: \x1b',
    'Content-Length: 3',
    'transfer-encoding: chunked',
    'Ü: x',
  ])('refuses %j', (text) => {
    expect(mistakeOf(() => parseFieldLine('--header', text))).toMatch(/^--header/)
  })
})

describe('splitJsonExpectation()', () => {
  test.each([
    ['status=ok', { path: 'status', value: 'ok' }],
    ['count=3', { path: 'count', value: 3 }],
    ['count="3"', { path: 'count', value: '3' }],
    ['up=true', { path: 'up', value: true }],
    ['parts=[1,2]', { path: 'parts', value: [1, 2] }],
    ['a=b=c', { path: 'a', value: 'b=c' }],
    ['text=', { path: 'text', value: '' }],
    ['items[0].id', { path: 'items[0].id' }],
    ["a['b=c']=1", { path: "a['b=c']", value: 1 }],
    ["a['x\\']=']=1", { path: "a['x\\']=']", value: 1 }],
  ])('reads %s', (text, parts) => {
    expect(splitJsonExpectation(text)).toEqual(parts)
  })
})
