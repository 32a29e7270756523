import { expect, test } from 'vitest'
import { Recent } from './recent.ts'

test('Recent keeps no more than its limit and forgets what came first', () => {
  const recent = new Recent<number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  recent.set('b', 3)
  recent.set('c', 4)
  expect(recent.size).toBe(2)
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([undefined, 3, 4])
})
