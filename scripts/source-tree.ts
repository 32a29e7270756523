// Reads the TypeScript files below a folder: their text, what they import and export. Judges nothing.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { type ESTree, parseSync } from 'rolldown/utils'

export interface Import {
  /** The specifier as written. */
  from: string
  /** The file it leads to, relative to the root, when it is relative; null for packages and Node's own. */
  file: string | null
  /** Nothing of it is left at run time. */
  typeOnly: boolean
  line: number
}

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  path: string
  text: string
  program: ESTree.Program
  imports: Import[]
  /** Lines of `export ... from`. */
  reExports: number[]
}

/** All `.ts` files below `root/folder`, parsed, in order of their path. Throws for a file that does not parse. */
export function readTree(root: string, folder: string): SourceFile[] {
  return globSync('**/*.ts', { cwd: join(root, folder), exclude: ['**/node_modules/**', '**/*.d.ts'] })
    .map((path) => posix.join(folder, path.replaceAll('\\', '/')))
    .toSorted()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
}

/** One file's text as a SourceFile. */
export function parseSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text)
  const broken = parsed.errors[0]
  if (broken) throw new Error(`${path} does not parse: ${broken.message}`)
  const imports: Import[] = []
  const reExports: number[] = []
  const add = (from: string, typeOnly: boolean, offset: number) => {
    const file = from.startsWith('.') ? posix.join(dirname(path), from) : null
    imports.push({ from, file, typeOnly, line: lineOf(text, offset) })
  }
  for (const statement of parsed.module.staticImports) {
    const { entries, moduleRequest, start } = statement
    add(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType), start)
  }
  for (const statement of parsed.module.staticExports) {
    const from = statement.entries.find((entry) => entry.moduleRequest)?.moduleRequest
    if (!from) continue
    add(
      from.value,
      statement.entries.every((entry) => entry.isType),
      statement.start,
    )
    reExports.push(lineOf(text, statement.start))
  }
  for (const { moduleRequest } of parsed.module.dynamicImports) {
    const written = /^(['"`])(?<from>.*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end))
    if (written?.groups?.['from']) add(written.groups['from'], false, moduleRequest.start)
  }
  return { path, text, program: parsed.program, imports, reExports }
}

/** The line number, from 1, of an offset. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
