// Runs a small program of this folder in a process of its own: with limits, or in a network of its own that the
// kernel makes and throws away with it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, test } from 'vitest'

/** How to start a process in an empty network; null where the right to make one is missing. */
export const OWN_NETWORK: string[] | null =
  [
    ['unshare', '-n'],
    ['unshare', '-rn'],
  ].find(
    ([program = '', ...rest]) => spawnSync(program, [...rest, 'ip', 'link', 'set', 'lo', 'up']).status === 0,
  ) ?? null

export const NO_OWN_NETWORK = 'this machine does not let us make a network namespace (unshare -n)'

/** Loopback up, and addresses of documentation as if the machine had them. */
export const LOOPBACK_UP = 'ip link set lo up; '
export const HOME_ADDRESSES =
  'ip addr add 192.0.2.2/32 dev lo; ip -6 addr add 2001:db8:2::2/128 dev lo nodad; '

/** Runs `script` (a file of this folder) behind shell commands and gives back the JSON it printed. */
export function alone(
  script: string,
  prepare: string,
  wrapper: readonly string[],
  ...given: string[]
): unknown {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const [program = 'sh', ...before] = wrapper.length > 0 ? [...wrapper, 'sh'] : []
  const command = `${prepare} exec "$0" "$@"`
  const run = spawnSync(program, [...before, '-c', command, process.execPath, path, ...given], {
    encoding: 'utf8',
  })
  if (run.status !== 0) throw new Error(`${run.stderr}${run.stdout}`)
  return JSON.parse(run.stdout) as unknown
}

/**
 * A suite that needs a network of its own. Unlike a missing package, the right to make one cannot be installed, so
 * where it is missing the suite is skipped with the reason, which the test run repeats at its end.
 */
export function ownNetworkSuite(name: string, define: () => void): void {
  if (OWN_NETWORK) describe(name, define)
  else test(name, (context) => context.skip(NO_OWN_NETWORK))
}
