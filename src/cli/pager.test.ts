import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { page } from './pager.ts'

const PATH = process.env['PATH'] ?? ''

describe.skipIf(process.platform === 'win32')('page()', () => {
  test('gives the whole text to the pager, arguments and all, and tells less what is wanted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'whydown-pager-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'shown')
    const text = 'line\n'.repeat(50_000)
    expect(await page(text, { PATH, PAGER: `cat > ${file}; echo "$LESS" >> ${file}` })).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe(`${text}FRX\n`)
  })

  test('does not mind a reader who quits at once', async () => {
    expect(await page('line\n'.repeat(200_000), { PATH, PAGER: 'true' })).toBe(true)
  })

  test.each(['', 'cat'])('shows nothing by way of %j', async (PAGER) => {
    expect(await page('text', { PATH, PAGER })).toBe(false)
  })

  test('says so when there is no such program', async () => {
    expect(await page('text', { PATH, PAGER: 'no-such-pager-here 2>/dev/null' })).toBe(false)
  })
})
