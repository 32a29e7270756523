// The packed tarball, installed into an empty folder without a network, runs on the oldest promised Node and on ours.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const BUILD_MS = 120_000

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const OLDEST_NODE = findOldestNode()

let folder: string
let app: string
let gateway: Server
let url: string

interface Ended {
  status: number
  stdout: string
  stderr: string
}

/** Runs a program with this Node first in PATH, and without what the surrounding npm has set. */
function run(program: string, args: string[], cwd: string, node = process.execPath): Promise<Ended> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/i.test(name)),
  )
  env['npm_config_loglevel'] = 'error'
  env['PATH'] = `${dirname(node)}${delimiter}${env['PATH'] ?? ''}`
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code ?? -1) : 0, stdout, stderr })
    })
  })
}

/** The Node of test/package/oldest-node for this platform; null where there is none. */
function findOldestNode(): string | null {
  try {
    return realpathSync(join(import.meta.dirname, 'oldest-node/node_modules/.bin/node'))
  } catch {
    return null
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whydown-package-'))
  app = join(folder, 'app')
  mkdirSync(app)
  const built = await run(process.execPath, [join(root, 'scripts/build.ts'), join(folder, 'built')], root)
  expect(built.status, built.stdout + built.stderr).toBe(0)
  const packed = await run('npm', ['pack', './built', '--json'], folder)
  expect(packed.status, packed.stderr).toBe(0)
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }\n')
  const installed = await run('npm', ['install', '--offline', `../${tarball}`], app)
  expect(installed.status, installed.stderr).toBe(0)

  gateway = createServer((request, response) => {
    response.statusCode = request.url === '/bad' ? 502 : 200
    response.end('<h1>a page</h1>')
  }).listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
}, BUILD_MS)

afterAll(() => {
  gateway?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the installed package', () => {
  test('brings no dependencies, no scripts, no TypeScript sources and no tests', () => {
    expect(readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'whydown',
    ])
    const home = join(app, 'node_modules/whydown')
    const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Record<string, unknown>
    for (const absent of ['private', 'scripts', 'dependencies', 'optionalDependencies', 'devDependencies']) {
      expect(manifest).not.toHaveProperty(absent)
    }
    const files = readdirSync(home, { recursive: true }).map(String)
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'THIRD-PARTY-LICENSES.md']),
    )
    expect(files.filter((file) => /(?<!\.d)\.ts$|\.test\./.test(file))).toEqual([])
  })

  test('declares types that a strict consumer can compile against', async () => {
    writeFileSync(
      join(app, 'consumer.ts'),
      `import { type CheckResult, check, DEFAULT_OPTIONS, type Outcome } from 'whydown'
       const result: CheckResult = await check('http://127.0.0.1/', { method: 'HEAD', limits: DEFAULT_OPTIONS.limits })
       export const outcome: Outcome = result.outcome
       // @ts-expect-error there is no such option, and the types know
       await check('http://127.0.0.1/', { speed: 'fast' })\n`,
    )
    writeFileSync(
      join(app, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          target: 'es2024',
          module: 'nodenext',
          strict: true,
          noEmit: true,
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
        },
        files: ['consumer.ts'],
      }),
    )
    const compiled = await run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], app)
    expect(compiled.stdout).toBe('')
    expect(compiled.status).toBe(0)
  })

  for (const [name, node] of [
    ['the Node of this repository', process.execPath],
    ['the oldest Node it promises to run on', OLDEST_NODE],
  ] as const) {
    describe(`on ${name}`, () => {
      test('npx whydown --version prints the version', async (context) => {
        if (node === null) return refuseOrSkip(context.skip)
        const { status, stdout, stderr } = await run('npx', ['--offline', 'whydown', '--version'], app, node)
        expect(stderr).toBe('')
        expect(stdout.trim()).toBe(version)
        expect(status).toBe(0)
      })

      test('a check of a good page ends with 0, of a bad gateway with 2 and the evidence', async (context) => {
        if (node === null) return refuseOrSkip(context.skip)
        const good = await run('npx', ['--offline', 'whydown', `${url}/`, '--json'], app, node)
        expect(good.stderr).toBe('')
        expect(JSON.parse(good.stdout)).toMatchObject({ outcome: 'up', failure: null })
        expect(good.status).toBe(0)
        const bad = await run('npx', ['--offline', 'whydown', `${url}/bad`, '--json'], app, node)
        expect(JSON.parse(bad.stdout)).toMatchObject({
          outcome: 'down',
          failure: { phase: 'status', code: 'status_unaccepted', number: '502' },
        })
        expect(bad.status).toBe(2)
        const text = await run('npx', ['--offline', 'whydown', `${url}/bad`], app, node)
        expect(text.stdout).toContain('502')
      })

      test('whydown explain finds the articles', async (context) => {
        if (node === null) return refuseOrSkip(context.skip)
        const { status, stdout } = await run(
          'npx',
          ['--offline', 'whydown', 'explain', '0x80244021', '--json'],
          app,
          node,
        )
        expect(JSON.parse(stdout)).toMatchObject({ best: { article: 'http-502' } })
        expect(status).toBe(0)
      })

      test('the library answers with a result', async (context) => {
        if (node === null) return refuseOrSkip(context.skip)
        const script = `import { check } from 'whydown'
          const { outcome, failure } = await check('${url}/bad')
          console.log(process.versions.node.split('.')[0], outcome, failure.code)`
        const { stdout, stderr } = await run(node, ['--input-type=module', '--eval', script], app, node)
        const { stdout: major } = await run(node, ['-p', "process.versions.node.split('.')[0]"], app, node)
        expect(stderr).toBe('')
        expect(stdout.trim()).toBe(`${major.trim()} down status_unaccepted`)
      })
    })
  }

  test('was really run on Node 24', async (context) => {
    if (OLDEST_NODE === null) return refuseOrSkip(context.skip)
    const { stdout } = await run('node', ['--version'], app, OLDEST_NODE)
    expect(stdout).toMatch(/^v24\./)
  })
})

/** Where npm has no old Node for the platform the tests are skipped, in CI they fail. */
function refuseOrSkip(skip: (note: string) => never): void {
  const reason = 'test/package/oldest-node has no Node for this platform; run npm ci on Linux'
  if (process.env['CI']) throw new Error(reason)
  skip(reason)
}
