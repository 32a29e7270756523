// `npm run check`: every check that needs no server, at the same time. Silent about what is fine.
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Lines of a failed check's output that are shown; the command for the rest stands above them. */
const LINES_SHOWN = 60

const root = join(import.meta.dirname, '..')

/** What is checked, by a name a reader understands, and the command. Names of tools are looked up by npm's PATH. */
const CHECKS = [
  ['types', 'tsc', '-p', '.'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings', '--quiet'],
  ['format', 'biome', 'format', '--log-level=warn'],
  ['imports', 'node', 'scripts/check-imports.ts'],
  ['folders', 'node', 'scripts/check-folders.ts'],
  ['unused', 'knip', '--no-progress'],
] as const

/** Runs one check; resolves to what it printed when it failed, null when all is well. */
function run(command: readonly string[]): Promise<string | null> {
  const [tool = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(tool, args, { cwd: root, shell: process.platform === 'win32' })
    let printed = ''
    const keep = (chunk: Buffer) => {
      printed += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve(`${error.message}\nRun it as: npm run check`))
    child.on('close', (status) => resolve(status === 0 ? null : printed || `ended with status ${status}`))
  })
}

/** The first lines of a text, with a word about the others. */
function beginning(text: string): string {
  const lines = text.trim().split('\n')
  const more = lines.length - LINES_SHOWN
  return more > 0
    ? [...lines.slice(0, LINES_SHOWN), `... and ${more} more lines`].join('\n')
    : lines.join('\n')
}

const started = performance.now()
const outcomes = await Promise.all(CHECKS.map(([, ...command]) => run(command)))
let failed = false
for (const [index, [name, ...command]] of CHECKS.entries()) {
  const printed = outcomes[index]
  if (printed === null || printed === undefined) continue
  failed = true
  console.error(`\ncheck failed: ${name} (npx ${command.join(' ')})\n${beginning(printed)}`)
}
const seconds = ((performance.now() - started) / 1000).toFixed(1)
if (failed) process.exitCode = 1
else console.log(`check: ${CHECKS.map(([name]) => name).join(', ')}: fine (${seconds} s)`)
