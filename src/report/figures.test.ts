import { expect, test } from 'vitest'
import { byteCount, count, duration } from './figures.ts'

test.each([
  [null, '-'],
  [0, '0.00 ms'],
  [0.123, '0.12 ms'],
  [0.999, '1.0 ms'],
  [12.34, '12.3 ms'],
  [99.99, '100 ms'],
  [131.2, '131 ms'],
  [9_999, '9999 ms'],
  [9_999.7, '10.0 s'],
  [20_000, '20.0 s'],
  [120_000, '2 min'],
  [Number.NaN, '-'],
])('duration() writes %s as %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
  expect(text.length).toBeLessThanOrEqual(9)
})

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [10_239, '10239 bytes'],
  [10_240, '10.0 KiB'],
  [4_194_304, '4.0 MiB'],
])('byteCount() writes %s as %s', (bytes, text) => {
  expect(byteCount(bytes)).toBe(text)
})

test('count() knows the plural', () => {
  expect(count(1, 'day')).toBe('1 day')
  expect(count(0, 'day')).toBe('0 days')
  expect(count(2, 'entry', 'entries')).toBe('2 entries')
})
