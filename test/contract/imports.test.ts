// The import table and the habits of the tree hold, and the checks find what is planted against them.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkFolders } from '../../scripts/check-folders.ts'
import { checkImports } from '../../scripts/check-imports.ts'
import { parseSource, readTree } from '../../scripts/source-tree.ts'

const root = join(import.meta.dirname, '../..')

/** Parses a small tree given as path -> text. */
const tree = (files: Record<string, string>) =>
  Object.entries(files).map(([path, text]) => parseSource(path, text))

describe('checkImports()', () => {
  test('finds nothing in this tree', () => {
    expect(checkImports(readTree(root, 'src'), ['commander'])).toEqual([])
  })

  const planted: { name: string; files: Record<string, string>; found: RegExp[] }[] = [
    {
      name: 'a folder that imports against the table',
      files: { 'src/wire/a.ts': `import { b } from '../probe/b.ts'`, 'src/probe/b.ts': 'export const b = 1' },
      found: [/^src\/wire\/a\.ts:1: imports \.\.\/probe\/b\.ts, but wire may import only model, util$/],
    },
    {
      name: 'a type import against the table',
      files: {
        'src/util/a.ts': `import type { B } from '../model/b.ts'`,
        'src/model/b.ts': 'export type B = 1',
      },
      found: [/util may import nothing else/],
    },
    {
      name: 'a dynamic import against the table',
      files: {
        'src/probe/a.ts': `\n\nexport const load = () => import('../report/b.ts')`,
        'src/report/b.ts': 'export const b = 1',
      },
      found: [/^src\/probe\/a\.ts:3: .*probe may import only/],
    },
    {
      name: 'a folder that is not in the table',
      files: {
        'src/stuff/a.ts': `import { b } from '../model/b.ts'`,
        'src/model/b.ts': 'export const b = 1',
      },
      found: [/stuff has no line in the import table/],
    },
    {
      name: 'a barrel file',
      files: { 'src/model/a.ts': `export * from './b.ts'`, 'src/model/b.ts': 'export const b = 1' },
      found: [/src\/model\/a\.ts:1: re-exports/],
    },
    {
      name: 'an import of the public surface',
      files: { 'src/cli/a.ts': `import { b } from '../index.ts'`, 'src/index.ts': 'export const b = 1' },
      found: [/public surface/],
    },
    {
      name: 'a ring',
      files: {
        'src/model/a.ts': `import { b } from './b.ts'`,
        'src/model/b.ts': `import { c } from './c.ts'`,
        'src/model/c.ts': `import type { A } from './a.ts'`,
      },
      found: [/in a ring: src\/model\/a\.ts -> src\/model\/b\.ts -> src\/model\/c\.ts -> src\/model\/a\.ts$/],
    },
    {
      name: 'extension files that import each other',
      files: {
        'src/diagnose/fingerprints/a.ts': `import b from './b.ts'`,
        'src/diagnose/fingerprints/b.ts': 'export default 1',
      },
      found: [/files of src\/diagnose\/fingerprints stand alone/],
    },
    {
      name: 'imports of tests, of missing files, of files outside and without an ending',
      files: {
        'src/cli/a.ts': [
          `import './b.test.ts'`,
          `import './gone.ts'`,
          `import '../../test/world/c.ts'`,
          `import './d'`,
        ].join('\n'),
        'src/cli/b.test.ts': '',
      },
      found: [
        /:1: .*is a test/,
        /:2: .*does not exist/,
        /:3: .*outside of src/,
        /:4: .*does not end in \.ts/,
      ],
    },
    {
      name: 'a package that the published code would miss',
      files: { 'src/cli/a.ts': `import fc from 'fast-check'` },
      found: [/fast-check, which is not among the dependencies/],
    },
    {
      name: 'sockets, files, time, chance and the process in a pure folder',
      files: {
        'src/wire/a.ts': [
          `import { connect } from 'node:net'`,
          `import { readFile } from 'node:fs/promises'`,
          'const a = Date.now()',
          'const b = new Date()',
          'const c = Math.random()',
          'const d = process.env',
          `const e = fetch('http://127.0.0.1/')`,
          'const f = setTimeout(() => {}, 1)',
          'const g = performance.now()',
        ].join('\n'),
      },
      found: Array.from(
        { length: 9 },
        (_, index) => new RegExp(`^src/wire/a\\.ts:${index + 1}: .*wire is pure$`),
      ),
    },
  ]

  test.each(planted)('finds $name', ({ files, found }) => {
    const reported = checkImports(tree(files), ['commander'])
    expect(reported).toHaveLength(found.length)
    for (const [index, pattern] of found.entries()) expect(reported[index]).toMatch(pattern)
  })

  test('lets pass what is allowed: the table, packages listed, tests, clocks, text that only mentions things', () => {
    const files = {
      'src/util/clock.ts': 'export const now = () => Date.now()',
      'src/model/a.ts': `// process.env and Date.now() in words\nexport const text = 'fetch(process.env)'\nexport const day = new Date(0)`,
      'src/model/a.test.ts': `import { b } from '../probe/b.ts'\nsetTimeout(b, 1)`,
      'src/probe/b.ts': `import { text } from '../model/a.ts'\nexport const b = () => [text, performance.now()]`,
      'src/cli/c.ts': `import { Command } from 'commander'\nimport { b } from '../probe/b.ts'\nnew Command(b)`,
      'src/index.ts': `export { b } from './probe/b.ts'`,
    }
    expect(checkImports(tree(files), ['commander'])).toEqual([])
  })
})

describe('checkFolders()', () => {
  test('finds nothing in this tree', () => {
    const files = ['src', 'test', 'scripts', 'bench'].flatMap((folder) => readTree(root, folder))
    expect(checkFolders(files)).toEqual([])
  })

  const planted: { name: string; files: Record<string, string>; found: RegExp[] }[] = [
    {
      name: 'an unknown folder',
      files: { 'src/stuff/a.ts': '// a' },
      found: [/src\/stuff is not in the list/],
    },
    { name: 'a camel-case name', files: { 'src/cli/readFlags.ts': '// a' }, found: [/kebab-case/] },
    { name: 'a name without content', files: { 'src/cli/url-utils.ts': '// a' }, found: [/does not say/] },
    { name: 'a missing opening', files: { 'src/cli/a.ts': 'export {}' }, found: [/says nothing/] },
    {
      name: 'a long opening',
      files: { 'src/cli/a.ts': '// a\n'.repeat(4) },
      found: [/opening comment of 4 lines/],
    },
    {
      name: 'a test of nothing',
      files: { 'src/cli/a.test.ts': 'export {}' },
      found: [/stands beside no src\/cli\/a\.ts/],
    },
    {
      name: 'an extension file whose id is not its name',
      files: {
        'src/diagnose/fingerprints/a.ts': `// a\nexport default { id: 'b' } satisfies object`,
        'src/diagnose/fingerprints/c.ts': '// a\nexport default { name: 1 }',
        'src/diagnose/fingerprints/d.ts': `// a\nexport default { id: 'd' }`,
      },
      found: [/has the id b, not a/, /has the id \(none\), not c/],
    },
  ]

  test.each(planted)('finds $name', ({ files, found }) => {
    const reported = checkFolders(tree(files))
    expect(reported).toHaveLength(found.length)
    for (const [index, pattern] of found.entries()) expect(reported[index]).toMatch(pattern)
  })

  test('takes a shebang line for what it is', () => {
    expect(checkFolders(tree({ 'src/cli/main.ts': '#!/usr/bin/env node\n// The command line.' }))).toEqual([])
  })
})
