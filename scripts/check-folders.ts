// The habits of the tree that a script can see: names, opening comments, extension files. Runs none of them.
import { join, posix } from 'node:path'
import { readTree, type SourceFile } from './source-tree.ts'

/** Top folders of src/ and what each is for, as in docs/architecture.md. */
const FOLDERS = [
  'util',
  'model',
  'wire',
  'diagnose',
  'knowledge',
  'report',
  'probe',
  'engine',
  'store',
  'bus',
  'monitor',
  'server',
  'cli',
]

/** Folders whose files export one record by default, whose `id` is the file's name. */
const RECORD_FOLDERS = ['src/diagnose/fingerprints', 'src/diagnose/rules', 'src/monitor/notifiers']

/** Names that say nothing about what is inside. */
const EMPTY_NAMES = /(^|-)(utils?|helpers?|common|misc|manager|services?|stuff|types)(-|$)/

/** Longest opening comment, in lines. */
const OPENING_LINES = 3

/** One sentence per violation, `path: what`. */
export function checkFolders(files: SourceFile[]): string[] {
  const found: string[] = []
  const known = new Set(files.map((file) => file.path))
  for (const file of files) {
    const { path } = file
    const [top, folder, ...rest] = path.split('/')
    if (top === 'src' && rest.length > 0 && !FOLDERS.includes(folder ?? '')) {
      found.push(`${path}: src/${folder} is not in the list of scripts/check-folders.ts`)
    }
    const name = posix.basename(path).replace(/(\.test)?\.ts$/, '')
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) found.push(`${path}: file names are kebab-case`)
    else if (EMPTY_NAMES.test(name)) found.push(`${path}: the name does not say what is in it`)
    if (path.endsWith('.test.ts')) {
      const tested = path.replace(/\.test\.ts$/, '.ts')
      if (top === 'src' && !known.has(tested)) found.push(`${path}: stands beside no ${tested}`)
    } else {
      const opening = openingComment(file.text)
      if (opening === 0) found.push(`${path}: the first line says nothing of what the file is for`)
      if (opening > OPENING_LINES)
        found.push(`${path}: opening comment of ${opening} lines, ${OPENING_LINES} at most`)
      if (RECORD_FOLDERS.includes(posix.dirname(path))) {
        const id = defaultId(file)
        if (id !== name) found.push(`${path}: default export has the id ${id ?? '(none)'}, not ${name}`)
      }
    }
  }
  return found
}

/** Lines of the `//` comment the file begins with, a shebang line left out. */
function openingComment(text: string): number {
  const lines = text.replace(/^#!.*\n/, '').split('\n')
  const end = lines.findIndex((line) => !line.startsWith('//'))
  return end < 0 ? lines.length : end
}

/** The text of `id` in `export default { id: '...' }`, with or without `satisfies`; null when there is none. */
function defaultId(file: SourceFile): string | null {
  for (const statement of file.program.body) {
    if (statement.type !== 'ExportDefaultDeclaration') continue
    let { declaration } = statement
    if (declaration.type === 'TSSatisfiesExpression') declaration = declaration.expression
    if (declaration.type !== 'ObjectExpression') return null
    for (const property of declaration.properties) {
      if (property.type !== 'Property' || property.key.type !== 'Identifier') continue
      if (property.key.name !== 'id' || property.value.type !== 'Literal') continue
      return typeof property.value.value === 'string' ? property.value.value : null
    }
  }
  return null
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const found = ['src', 'test', 'scripts', 'bench'].flatMap((folder) => checkFolders(readTree(root, folder)))
  for (const line of found) console.error(line)
  if (found.length > 0) process.exitCode = 1
}
