// A program: the doctor in a network that a test has made, once in each situation given as JSON. SERVER and ROUTER are
// process ids in the networks of the provider's side and of the router. Prints the results by name.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { doctor } from '../../src/engine/doctor.ts'
import type { DoctorResult } from '../../src/model/doctor.ts'
import type { Situation } from './doctor-situation.ts'

/** nsenter(1), which runs a program in the network of a process. */
const ENTER = ['nsenter', '-t'] as const
const PROGRAM = fileURLToPath(new URL('doctor-servers-alone.ts', import.meta.url))

async function start(place: string, role: string): Promise<Record<string, { ip: string; port: number }>> {
  const enter = [...ENTER, place, '-n', process.execPath, PROGRAM, role] as const
  const child = spawn(enter[0], enter.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
  child.unref()
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return JSON.parse(line.toString('utf8')) as Record<string, { ip: string; port: number }>
}

function shell(script: string): void {
  execFileSync('sh', ['-ec', `in_place() { who=$1; shift; nsenter -t $who -n "$@"; }\n${script}`])
}

const { SERVER = '', ROUTER = '' } = process.env
const situations = JSON.parse(process.argv[2] ?? '[]') as Situation[]
const [servers] = await Promise.all([start(SERVER, 'internet'), start(ROUTER, 'portal')])
const results: Record<string, DoctorResult> = {}
for (const {
  name,
  before = '',
  after = '',
  resolvers = ['good'],
  references,
  proxy,
  totalMs = 1_600,
} of situations) {
  if (before !== '') shell(before)
  const through = proxy === 'works' ? `http://10.0.2.2:${servers['proxy']?.port}` : (proxy ?? null)
  results[name] = await doctor({
    references: references ?? [
      'http://one.test/',
      'http://two.test/',
      'http://203.0.113.3/',
      'http://[2001:db8:f::3]/',
    ],
    resolvers: resolvers.map((kind) => servers[kind] ?? { ip: '127.0.0.1', port: 9 }),
    portals: [{ url: 'http://203.0.113.9/generate_204', text: null }],
    proxy: { http: through, https: through, bypass: [] },
    totalMs,
  })
  if (after !== '') shell(after)
}
process.stdout.write(JSON.stringify(results), () => process.exit(0))
