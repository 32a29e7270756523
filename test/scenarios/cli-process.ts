// Runs the real command line as a process of its own, without whatever the environment of the tests has set.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const MAIN = fileURLToPath(new URL('../../src/cli/whydown.js', import.meta.url))

export interface Ended {
  status: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  env?: Record<string, string>
  /** Given to standard input; without it, standard input is empty. */
  input?: string
  /** Called once something was printed. */
  onOutput?: (child: ReturnType<typeof spawn>) => void
  /** Command in front of it, such as a shell that sets something up. */
  through?: (command: string[]) => string[]
}

/** The environment without colours, proxies and settings of ours. */
function bareEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }) }
}

/** Runs `whydown` with these arguments to its end. */
export function whydown(args: string[], options: RunOptions = {}): Promise<Ended> {
  const command = [process.execPath, MAIN, ...args]
  const [file = '', ...rest] = options.through ? options.through(command) : command
  const child = spawn(file, rest, { env: { ...bareEnvironment(), ...options.env } })
  let stdout = ''
  let stderr = ''
  let told = false
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8')
    if (!told) options.onOutput?.(child)
    told = true
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }))
  })
}
