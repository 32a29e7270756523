// `npm run build [FOLDER]`: the publishable package in dist/ or FOLDER. Bundles JavaScript, copies, and tests nothing.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const out = resolve(process.argv[2] ?? join(root, 'dist'))

/** Oldest Node the package runs on; test/package runs it there. */
const OLDEST_NODE = 24

interface Manifest {
  name: string
  version: string
  description: string
  license: string
  dependencies: Record<string, string>
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

refuseForeignFolder()
rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
await bundle()
// What the bundler leaves behind: the articles are read as files.
cpSync(join(root, 'src/knowledge/articles'), join(out, 'lib/articles'), { recursive: true })
declareTypes()
for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE']) copyFileSync(join(root, file), join(out, file))
writeFileSync(join(out, 'THIRD-PARTY-LICENSES.md'), thirdPartyLicences(Object.keys(manifest.dependencies)))
writeFileSync(join(out, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`)
console.log(`built ${manifest.name} ${manifest.version} in ${out}`)

/** The folder is emptied: only one that is empty, new or a former build is taken. */
function refuseForeignFolder(): void {
  let entries: string[]
  try {
    entries = readdirSync(out)
  } catch {
    return
  }
  if (entries.length === 0 || entries.includes('THIRD-PARTY-LICENSES.md')) return
  throw new Error(`${out} holds something that is no build; name an empty folder`)
}

/** Command line and library share their chunks; what is imported lazily stays a file of its own. */
async function bundle(): Promise<void> {
  const build = await rolldown({
    cwd: root,
    input: { main: 'src/cli/main.ts', index: 'src/index.ts' },
    platform: 'node',
    external: /^node:/,
    transform: { target: `node${OLDEST_NODE}` },
  })
  await build.write({
    dir: join(out, 'lib'),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  })
  await build.close()
  chmodSync(join(out, 'lib/main.js'), 0o755)
}

/** Declarations of what the library exports and of all that it mentions. */
function declareTypes(): void {
  const project = join(root, 'scripts/declarations.tsconfig.json')
  execFileSync('tsc', ['-p', project, '--outDir', join(out, 'types')], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
}

/** Bundled packages ask that their licence travels with them. */
function thirdPartyLicences(packages: string[]): string {
  const sections = packages.map((name) => {
    const licence = readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8')
    return `## ${name}\n\n${licence.trim()}\n`
  })
  return `# Licences of bundled packages\n\n${sections.join('\n')}`
}

/** Everything is bundled, so nothing is left to depend on. */
function publishedManifest() {
  const { name, version, description, license } = manifest
  return {
    name,
    version,
    description,
    license,
    keywords: ['monitoring', 'uptime', 'http', '502', 'bad gateway', 'diagnosis', 'check'],
    homepage: 'https://github.com/whydown/whydown#readme',
    repository: { type: 'git', url: 'git+https://github.com/whydown/whydown.git' },
    bugs: 'https://github.com/whydown/whydown/issues',
    type: 'module',
    engines: { node: `>=${OLDEST_NODE}` },
    bin: { whydown: 'lib/main.js' },
    exports: {
      '.': { types: './types/index.d.ts', default: './lib/index.js' },
      './package.json': './package.json',
    },
    files: ['lib', 'types', 'THIRD-PARTY-LICENSES.md', 'CHANGELOG.md'],
  }
}
