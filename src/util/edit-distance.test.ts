import { expect, test } from 'vitest'
import { editDistance } from './edit-distance.ts'

test.each([
  ['', '', 0],
  ['a', '', 1],
  ['refused', 'refused', 0],
  ['refsued', 'refused', 1],
  ['econrefused', 'econnrefused', 1],
  ['kitten', 'sitting', 3],
])('editDistance() of %j and %j is %i', (from, to, slips) => {
  expect(editDistance(from, to)).toBe(slips)
  expect(editDistance(to, from)).toBe(slips)
})

test('editDistance() gives up at its bound', () => {
  expect(editDistance('aaaaaaaa', 'bbbbbbbb', 2)).toBe(3)
  expect(editDistance('a', 'abcdef', 2)).toBe(3)
})
