// The counts at the end of a test run: a real run over small files that pass, fail, are skipped and do not load.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whydown-reporter-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `export default { test: { reporters: ['minimal', ${JSON.stringify(join(root, 'test/reporter.ts'))}] } }`,
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The lines and the exit status of a test run over these files. */
function runTests(
  files: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<{ status: number; lines: string[] }> {
  for (const [name, body] of Object.entries(files)) {
    writeFileSync(join(folder, name), `import { expect, test } from 'vitest'\n${body}`)
  }
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const options = { cwd: folder, env: { ...process.env, CI: '', ...environment } }
  return new Promise((resolve) => {
    execFile(process.execPath, [vitest, 'run', '--root', folder], options, (error, stdout) => {
      resolve({ status: error ? Number(error.code) : 0, lines: stdout.trimEnd().split('\n') })
    })
  })
}

test('CountsReporter ends a good run with its counts', async () => {
  const { status, lines } = await runTests({ 'a.test.ts': `test('a', () => {}); test('b', () => {})` })
  expect(lines.at(-1)).toBe('2 passed, 0 failed')
  expect(status).toBe(0)
})

test('CountsReporter counts failures, files that do not load, and says why tests were skipped', async () => {
  const { status, lines } = await runTests({
    'a.test.ts': `test('good', () => {}); test('bad', () => expect(1).toBe(2))`,
    'b.test.ts': `throw new Error('does not load')`,
    'c.test.ts': `for (const name of ['x', 'y']) test(name, (context) => context.skip('no nginx here'))`,
  })
  expect(lines.at(-1)).toBe('1 passed, 2 failed, 2 skipped')
  expect(lines.at(-2)).toBe('SKIPPED 2 tests: no nginx here')
  expect(status).toBe(1)
})

test('labSuite() skips loudly where a program is missing, and fails there in CI', async () => {
  const suite = `import { labSuite } from ${JSON.stringify(join(root, 'test/lab/lab-suite.ts'))}
    labSuite(['no-such-gateway'], 'a suite', () => test('never runs', () => {}))
    labSuite(['sh'], 'another', () => test('runs', () => {}))`
  const skipped = await runTests({ 'a.test.ts': suite })
  expect(skipped.lines.slice(-2)).toEqual([
    'SKIPPED 1 test: no-such-gateway not installed; run scripts/lab-setup as root',
    '1 passed, 0 failed, 1 skipped',
  ])
  expect(skipped.status).toBe(0)
  const failed = await runTests({ 'a.test.ts': suite }, { CI: 'true' })
  expect(failed.lines.at(-1)).toBe('1 passed, 1 failed')
  expect(failed.status).toBe(1)
})
