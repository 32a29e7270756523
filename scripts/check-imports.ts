// Who may import whom, as data, and the check that it holds. Reads source files only; runs none of them.
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { Visitor } from 'rolldown/utils'
import { lineOf, readTree, type SourceFile } from './source-tree.ts'

/** Folder of src/ -> folders it may import besides itself. Changing this table is a decision, not a fix. */
const MAY_IMPORT: Record<string, readonly string[] | 'anything'> = {
  util: [],
  model: ['util'],
  wire: ['model', 'util'],
  diagnose: ['wire', 'model', 'util'],
  knowledge: ['wire', 'model', 'util'],
  report: ['model', 'util'],
  probe: ['wire', 'model', 'util'],
  engine: ['probe', 'diagnose', 'knowledge', 'model', 'util'],
  store: ['model', 'util'],
  bus: ['model', 'util'],
  monitor: ['engine', 'report', 'knowledge', 'store', 'bus', 'model', 'util'],
  server: ['monitor', 'engine', 'report', 'knowledge', 'store', 'bus', 'model', 'util'],
  cli: 'anything',
}

/** The public surface: imports anything, may re-export, and nothing of src/ imports it. */
const SURFACE = 'src/index.ts'

/** Folders that compute and touch nothing outside of themselves. */
const PURE_FOLDERS = ['util', 'model', 'wire', 'diagnose', 'report']
const IMPURE_FILES = ['src/util/clock.ts', 'src/util/load-folder.ts']
const IMPURE_MODULES = /^node:(net|tls|http|https|http2|dns|dgram|fs|child_process|timers)(\/|$)/
const IMPURE_OBJECTS = ['process', 'performance']
const IMPURE_MEMBERS = ['Date.now', 'Math.random', 'crypto.getRandomValues', 'crypto.randomUUID']
const IMPURE_CALLS = ['fetch', 'setTimeout', 'setInterval', 'setImmediate']

/** Folders in which every file is one more of a kind and stands alone. */
const EXTENSION_FOLDERS = [
  'src/diagnose/fingerprints',
  'src/diagnose/rules',
  'src/report/formats',
  'src/probe/checks',
  'src/monitor/notifiers',
]

/** One sentence per violation, `path:line: what`. `packages` are the run-time dependencies. */
export function checkImports(files: SourceFile[], packages: string[]): string[] {
  const found: string[] = []
  const known = new Set(files.map((file) => file.path))
  const product = files.filter((file) => !file.path.endsWith('.test.ts'))
  for (const file of product) {
    for (const line of file.reExports) {
      if (file.path !== SURFACE) found.push(`${file.path}:${line}: re-exports; only ${SURFACE} may`)
    }
    for (const { from, file: to, line } of file.imports) {
      const reason = to ? fileReason(file.path, from, to, known) : packageReason(from, packages)
      if (reason) found.push(`${file.path}:${line}: imports ${from}, ${reason}`)
    }
    if (isPure(file.path)) found.push(...impurities(file))
  }
  found.push(...cycles(product))
  return found
}

function fileReason(path: string, from: string, to: string, known: Set<string>): string | null {
  if (!from.endsWith('.ts')) return 'which does not end in .ts'
  if (!to.startsWith('src/')) return 'which is outside of src/'
  if (to.endsWith('.test.ts')) return 'which is a test'
  if (!known.has(to)) return 'which does not exist'
  if (to === SURFACE) return 'the public surface, which is for others'
  if (path === SURFACE) return null
  const [mine, theirs] = [folderOf(path), folderOf(to)]
  const allowed = MAY_IMPORT[mine]
  if (!allowed) return `but ${mine} has no line in the import table of scripts/check-imports.ts`
  if (mine !== theirs && allowed !== 'anything' && !allowed.includes(theirs)) {
    return `but ${mine} may import ${allowed.length > 0 ? `only ${allowed.join(', ')}` : 'nothing else'}`
  }
  const extension = EXTENSION_FOLDERS.find((folder) => posix.dirname(path) === folder)
  if (extension && posix.dirname(to) === extension) {
    return `but files of ${extension} stand alone; shared parts go one level up`
  }
  return null
}

function packageReason(from: string, packages: string[]): string | null {
  if (from.startsWith('node:')) return null
  return packages.some((name) => from === name || from.startsWith(`${name}/`))
    ? null
    : 'which is not among the dependencies of package.json'
}

function isPure(path: string): boolean {
  return PURE_FOLDERS.includes(folderOf(path)) && !IMPURE_FILES.includes(path)
}

function folderOf(path: string): string {
  return path.split('/')[1] ?? ''
}

/** What a pure file must not touch: sockets, files, time, chance, the process. */
function impurities(file: SourceFile): string[] {
  const found: string[] = []
  const report = (offset: number, what: string) =>
    found.push(`${file.path}:${lineOf(file.text, offset)}: ${what}, but ${folderOf(file.path)} is pure`)
  for (const { from, line } of file.imports) {
    if (IMPURE_MODULES.test(from)) {
      found.push(`${file.path}:${line}: imports ${from}, but ${folderOf(file.path)} is pure`)
    }
  }
  new Visitor({
    MemberExpression({ object, property, start }) {
      if (object.type !== 'Identifier' || property.type !== 'Identifier') return
      const member = `${object.name}.${property.name}`
      if (IMPURE_OBJECTS.includes(object.name) || IMPURE_MEMBERS.includes(member)) report(start, member)
    },
    CallExpression({ callee, start }) {
      if (callee.type === 'Identifier' && IMPURE_CALLS.includes(callee.name)) {
        report(start, `${callee.name}()`)
      }
    },
    NewExpression({ callee, arguments: given, start }) {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0) {
        report(start, 'new Date()')
      }
    },
  }).visit(file.program)
  return found
}

/** Files that import each other in a ring, types included, each ring once. */
function cycles(files: SourceFile[]): string[] {
  const found: string[] = []
  const byPath = new Map(files.map((file) => [file.path, file]))
  const state = new Map<string, 'open' | 'done'>()
  const trail: string[] = []
  const walk = (path: string) => {
    state.set(path, 'open')
    trail.push(path)
    for (const { file: to } of byPath.get(path)?.imports ?? []) {
      if (!to || !byPath.has(to)) continue
      if (state.get(to) === 'open') {
        found.push(`${to}: imports itself in a ring: ${[...trail.slice(trail.indexOf(to)), to].join(' -> ')}`)
      } else if (!state.has(to)) walk(to)
    }
    trail.pop()
    state.set(path, 'done')
  }
  for (const { path } of files) if (!state.has(path)) walk(path)
  return found
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  const found = checkImports(readTree(root, 'src'), Object.keys(dependencies ?? {}))
  for (const line of found) console.error(line)
  if (found.length > 0) process.exitCode = 1
}
