// Every recorded result renders as it did when somebody last looked at it, in every format. Renewed only by
// scripts/update-golden.ts.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { CheckResult } from '../../src/model/result.ts'
import { columns } from '../../src/report/safe-text.ts'
import { GOLDEN_FORMATS, renderGolden } from './formats.ts'
import { harErrors } from './har-rules.ts'
import { WORLDS } from './worlds.ts'

const FOLDER = new URL('./', import.meta.url)
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))

function read(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8')
}

test('every world is recorded, and nothing else', () => {
  expect(names.toSorted()).toEqual(Object.keys(WORLDS).toSorted())
})

describe.each(names)('%s', (name) => {
  const result = JSON.parse(read(`${name}.json`)) as CheckResult

  test.each(GOLDEN_FORMATS)('renders $suffix as before', (golden) => {
    expect(renderGolden(result, golden)).toBe(read(`${name}${golden.suffix}`))
  })

  test.each(GOLDEN_FORMATS.filter((golden) => golden.suffix.endsWith('.txt')))(
    '$suffix keeps its width and is safe',
    (golden) => {
      const report = renderGolden(result, golden)
      for (const line of report.split('\n'))
        expect(columns(line), line).toBeLessThanOrEqual(golden.options.width)
      expect(report.replaceAll('\n', '')).not.toMatch(
        golden.options.ascii ? /[^ -~]/ : /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u,
      )
    },
  )

  test('is a valid HAR 1.2', () => {
    expect(harErrors(JSON.parse(read(`${name}.har`)))).toEqual([])
  })
})
