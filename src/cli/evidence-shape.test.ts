import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileResult } from '../../test/golden/hostile-result.ts'
import { evidenceFault } from './evidence-shape.ts'

const GOLDEN = new URL('../../test/golden/', import.meta.url)

describe('evidenceFault()', () => {
  test.each(readdirSync(GOLDEN).filter((file) => file.endsWith('.json')))(
    'takes what a check wrote: %s',
    (file) => {
      expect(evidenceFault(JSON.parse(readFileSync(new URL(file, GOLDEN), 'utf8')))).toBeNull()
    },
  )

  test('takes every kind of finding, and fields that it does not know', () => {
    const result = JSON.parse(JSON.stringify(hostileResult('x'))) as Record<string, unknown>
    result['startedAt'] = '2026-11-20T09:00:00.123Z'
    expect(evidenceFault(result)).toBeNull()
    expect(evidenceFault({ ...result, brandNew: [{ a: 1 }] })).toBeNull()
    expect(evidenceFault({ ...result, drill: undefined, diagnosis: undefined })).toBeNull()
  })

  test('names the first wrong place, whatever of the evidence is replaced by something else', () => {
    const whole = JSON.stringify(hostileResult('x'))
    const paths = pathsOf(JSON.parse(whole))
    let refused = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.constantFrom<unknown>(null, [], {}, 'gremlins', -1e300, true),
        (path, other) => {
          const value = JSON.parse(whole) as unknown
          put(value, path, other)
          const fault = evidenceFault(value)
          if (fault === null) return
          refused++
          expect(fault).toMatch(/^(it|[a-z][\w.[\]]*) (is not .+|has \d+ items)$/i)
        },
      ),
      { numRuns: 400 },
    )
    expect(refused).toBeGreaterThan(100)
  })
})

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))].filter(
    (found) => found.length > 0,
  )
}

function put(value: unknown, path: string[], other: unknown): void {
  let at = value as Record<string, unknown>
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
  at[path.at(-1) ?? ''] = other
}
