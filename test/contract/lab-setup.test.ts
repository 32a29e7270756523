// scripts/lab-setup: says what is missing and what to do, changes nothing when it cannot, and covers the lab.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GATEWAYS } from '../lab/gateways.ts'
import { findProgram } from '../lab/lab.ts'

const SCRIPT = join(import.meta.dirname, '../../scripts/lab-setup')

/** Runs lab-setup with these arguments; `path` replaces PATH. */
function run(
  args: string[],
  path = process.env['PATH'],
): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(SCRIPT, args, { env: { ...process.env, PATH: path } }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

test('lab-setup refuses a system without dpkg and names what to install', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'whydown-path-'))
  for (const name of ['bash', 'env']) symlinkSync(findProgram(name) ?? '', join(folder, name))
  const { status, stderr } = await run([], folder)
  rmSync(folder, { recursive: true })
  expect(status).toBe(2)
  expect(stderr).toMatch(/^lab-setup: this is not Debian or Ubuntu\..* nginx apache2 haproxy /)
  expect(stderr.trim().split('\n')).toHaveLength(1)
})

test('lab-setup refuses options it does not know', async (context) => {
  if (!findProgram('dpkg-query')) context.skip('not a Debian system')
  const { status, stderr } = await run(['--chekc'])
  expect(status).toBe(2)
  expect(stderr).toContain('unknown option --chekc')
})

test('lab-setup --check lists what is missing; when it lists nothing every gateway of the lab is there', async (context) => {
  if (!findProgram('dpkg-query')) context.skip('not a Debian system')
  const { status, stdout } = await run(['--check'])
  const missing = stdout.split('\n').filter((line) => line !== '')
  expect(status).toBe(missing.length > 0 ? 1 : 0)
  if (missing.length > 0) return
  for (const { program } of Object.values(GATEWAYS)) expect(findProgram(program), program).not.toBeNull()
})
