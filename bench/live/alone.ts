// Runs a check in a process of its own, behind shell commands: with limits, or in a network that is thrown away.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CheckResult } from '../../src/model/result.ts'
import type { AloneOrder } from './check-alone.ts'

/** How to start a process in an empty network; null where the right to make one is missing. */
export const OWN_NETWORK: readonly string[] | null =
  [
    ['unshare', '-n'],
    ['unshare', '-rn'],
  ].find(
    ([program = '', ...rest]) => spawnSync(program, [...rest, 'ip', 'link', 'set', 'lo', 'up']).status === 0,
  ) ?? null

const PROGRAM = fileURLToPath(new URL('check-alone.ts', import.meta.url))

/** The result of the check that `order` describes. `prepare` are shell commands; `wrapper` starts the shell. */
export function checkAlone(
  order: AloneOrder,
  prepare: string,
  wrapper: readonly string[] = [],
): Promise<CheckResult> {
  const command = ['sh', '-c', `${prepare} exec "$0" "$@"`, process.execPath, PROGRAM, JSON.stringify(order)]
  const [program = 'sh', ...given] = wrapper.length > 0 ? [...wrapper, ...command] : command
  const child = spawn(program, given)
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text))
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === 0) resolve(JSON.parse(output.stdout) as CheckResult)
      else reject(new Error(`ended with ${status}: ${output.stderr}`))
    })
  })
}
