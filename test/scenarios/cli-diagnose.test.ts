// `whydown diagnose`: evidence that a real check saved is judged again without a network, and so is one raw response;
// whatever else is given ends in one sentence.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckResult } from '../../src/model/result.ts'
import { harErrors } from '../golden/har-rules.ts'
import { HOSTILE, hostileResult } from '../golden/hostile-result.ts'
import { type HttpWorld, httpServer, ok } from '../world/http-server.ts'
import { entity, network, rdap, rdapServer } from '../world/rdap-server.ts'
import { type Ended, whydown } from './cli-process.ts'

const BODY =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n'
const NGINX_502 = `HTTP/1.1 502 Bad Gateway\r\nServer: nginx/1.22.1\r\nDate: Fri, 20 Nov 2026 09:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: ${BODY.length}\r\nConnection: keep-alive\r\n\r\n${BODY}`

/** Has the process tell at its end how much memory it ever held, in KiB. */
const TELL_MEMORY =
  'data:text/javascript,process.on(%22exit%22,()=>process.stderr.write(%22resident:%22+process.resourceUsage().maxRSS))'

let folder = ''
let bad: HttpWorld
let up: HttpWorld
let evidence = ''
let saved: CheckResult

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function parsed(ended: Ended): CheckResult {
  return JSON.parse(ended.stdout) as CheckResult
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whydown-diagnose-'))
  bad = await httpServer(NGINX_502)
  up = await httpServer(ok('hello', 'Content-Type: text/plain\r\n'))
  evidence = join(folder, 'evidence.json')
  const ended = await whydown([bad.url, '--save', evidence, '--json'])
  expect(ended.status).toBe(2)
  saved = parsed(ended)
}, 60_000)

afterAll(async () => {
  rmSync(folder, { recursive: true })
  await Promise.all([bad.close(), up.close()])
})

describe('whydown check', () => {
  test('looks further at a failure and names link, cause and party', () => {
    expect(saved.drill.map(({ step }) => step)).toContain('repetition')
    expect(saved.drill.some(({ skipped }) => skipped === null)).toBe(true)
    expect(saved.diagnosis).toMatchObject({ generator: { product: 'nginx' } })
    for (const request of bad.requests) expect(request).toMatch(/^(GET|HEAD|OPTIONS|TRACE) /)
    expect(bad.requests.length).toBeLessThanOrEqual(61)
  })

  test('never when told so, always when told so', async () => {
    const before = bad.requests.length
    const never = parsed(await whydown([bad.url, '--json', '--no-drill']))
    expect(bad.requests).toHaveLength(before + 1)
    expect(never.drill).toEqual([])
    expect(never.diagnosis).not.toBeNull()
    const always = parsed(await whydown([up.url, '--json', '--drill']))
    expect(always.outcome).toBe('up')
    expect(always.drill.length).toBeGreaterThan(5)
  }, 30_000)

  test('--compare tells what changed, --origin and --reference are asked', async () => {
    const good = join(folder, 'good.json')
    await using flips = await httpServer((_request, count) => ({
      bytes: count === 1 ? ok('hello', 'Server: good\r\n') : NGINX_502,
    }))
    expect((await whydown([flips.url, '--save', good])).status).toBe(0)
    const args = ['--compare', good, '--origin', `127.0.0.1:${up.port}`, '--reference', up.url, '--json']
    const result = parsed(await whydown([flips.url, ...args]))
    const step = (id: string) => result.drill.find(({ step: known }) => known === id)
    expect(step('difference')).toMatchObject({ skipped: null, finding: { kind: 'difference' } })
    expect(step('origin')).toMatchObject({ skipped: null, finding: { verdict: 'works' } })
    expect(step('references')).toMatchObject({ skipped: null, finding: { extent: 'all_work' } })
    const wrong = await whydown([flips.url, '--compare', evidence])
    expect(wrong.status).toBe(3)
    expect(wrong.stderr).toMatch(/^whydown: --compare ".*" is no good check, it ended "down".*\n$/)
  }, 30_000)

  test('of many failures only the first is looked at further', async () => {
    const ended = await whydown([bad.url, '--repeat', '2', '--json'])
    const results = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as CheckResult)
    expect(results.map(({ drill }) => drill.length > 0)).toEqual([true, false])
  }, 30_000)
})

describe('whydown diagnose FILE', () => {
  test('comes to the same verdict as the check, in the same words, and sends nothing', async () => {
    const before = bad.requests.length
    const again = await whydown(['diagnose', evidence, '--json'])
    expect(again).toMatchObject({ status: 2, stderr: '' })
    const { diagnosis } = parsed(again)
    expect(diagnosis).toEqual(saved.diagnosis)
    const fromInput = await whydown(['diagnose', '-'], { input: JSON.stringify(saved) })
    expect(fromInput.status).toBe(2)
    expect(fromInput.stdout.replaceAll(/\s+/g, ' ')).toContain(saved.diagnosis?.headline)
    expect(bad.requests).toHaveLength(before)
  })

  test.each(['text', 'markdown', 'html', 'har'])('prints %s', async (format) => {
    const ended = await whydown(['diagnose', evidence, '--format', format])
    expect(ended).toMatchObject({ status: 2, stderr: '' })
    expect(ended.stdout).toContain('nginx')
    if (format === 'har') expect(harErrors(JSON.parse(ended.stdout))).toEqual([])
  })

  test('options before the command, and evidence of a site that is up', async () => {
    const path = join(folder, 'up.json')
    expect((await whydown([up.url, '--save', path])).status).toBe(0)
    const ended = await whydown(['--ascii', 'diagnose', path])
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expect(ended.stdout).toMatch(/^UP {2}http/)
  })

  test('keeps the contacts that were found when it was saved', async () => {
    const path = join(folder, 'contact.json')
    await using registry = await rdapServer(() => rdap(network([entity(['abuse'], 'abuse@loop.test')])))
    const asked = ['--contact', '--rdap-bootstrap', `${registry.url}rdap/`]
    await whydown([bad.url, '--no-drill', '--save', path, ...asked])
    const before = registry.requests.length
    const ended = await whydown(['diagnose', path])
    expect(ended.stdout).toContain('abuse@loop.test')
    expect(registry.requests).toHaveLength(before)
  })

  test('hostile evidence neither breaks it nor paints anything', async () => {
    const path = file('hostile.json', JSON.stringify(hostileResult(HOSTILE.replaceAll('\ud800', ''))))
    for (const format of ['text', 'markdown', 'html', 'json']) {
      const ended = await whydown(['diagnose', path, '--format', format])
      expect(ended.stderr).not.toContain('bug in whydown')
      expect(ended.stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
    }
  })

  /** What a file holds, and what the sentence says. */
  const BROKEN: [name: string, content: () => string | Uint8Array, says: RegExp][] = [
    ['nothing', () => '', /is empty/],
    ['binary rubbish', () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /not even text/],
    ['text', () => 'hello\n', /is not JSON/],
    ['half of it', () => JSON.stringify(saved).slice(0, 5_000), /is not JSON, or only part of it/],
    ['a number', () => '42', /no evidence of a check/],
    ['a list', () => '[]', /no evidence of a check/],
    ['another JSON', () => '{"name":"x"}', /has no schema number/],
    ['a HAR', () => '{"log":{"version":"1.2"}}', /HTTP archive/],
    ['a newer schema', () => JSON.stringify({ ...saved, schema: 2 }), /schema 2, newer .* update whydown/],
    ['an older schema', () => JSON.stringify({ ...saved, schema: 0 }), /schema 0, older /],
    ['a schema that is none', () => JSON.stringify({ ...saved, schema: '1' }), /has no schema number/],
    [
      'several checks',
      () => `${JSON.stringify(saved)}\n${JSON.stringify(saved)}\n`,
      /several checks, one per line/,
    ],
    [
      'no exchanges',
      () => JSON.stringify({ ...saved, exchanges: null }),
      /damaged evidence: exchanges is not a list/,
    ],
    [
      'a foreign failure code',
      () => JSON.stringify({ ...saved, failure: { ...saved.failure, code: 'gremlins' } }),
      /failure\.code is not one of the words/,
    ],
    [
      'a foreign look',
      () => JSON.stringify({ ...saved, drill: [{ ...saved.drill[0], finding: { kind: '__proto__' } }] }),
      /drill\[0\]\.finding\.kind is not a look/,
    ],
    [
      'endless numbers',
      () => JSON.stringify(saved).replace(/"durationMs":[\d.]+/, '"durationMs":1e300'),
      /durationMs is not a number/,
    ],
    ['nesting without end', () => `{"schema":1,"url":${'['.repeat(100_000)}`, /is not JSON/],
    [
      'sound nesting without end',
      () => `{"schema":1,"url":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      /url is not a text/,
    ],
    ['a control character in its name', () => 'x', /is not JSON/],
  ]

  test.each(BROKEN)('refuses %s', async (name, content, says) => {
    const path = file(name.startsWith('a control') ? 'a\x1b[31mb.json' : 'broken.json', content())
    const ended = await whydown(['diagnose', path])
    expect(ended).toMatchObject({ status: 3, signal: null, stdout: '' })
    expect(ended.stderr).toMatch(says)
    expect(ended.stderr).toMatch(/^whydown: [^\n]{10,600}\n$/)
    expect(ended.stderr).not.toMatch(/\n\s+at |bug in whydown|undefined/)
    expect(ended.stderr.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  test.runIf(process.platform === 'linux')(
    'reads no more of 100 MB and of endless files than its limit',
    async () => {
      const huge = file('huge.json', '')
      truncateSync(huge, 100 * 1024 * 1024)
      for (const path of [huge, '/dev/zero']) {
        const ended = await whydown(['diagnose', path], {
          env: { NODE_OPTIONS: `--import=${TELL_MEMORY}` },
        })
        expect(ended).toMatchObject({ status: 3, stdout: '' })
        expect(ended.stderr).toMatch(/^whydown: FILE ".*" is larger than 48 MiB; name a smaller file\.\n/)
        const kibibytes = Number(/resident:(\d+)/.exec(ended.stderr)?.[1])
        expect(kibibytes).toBeGreaterThan(20_000)
        expect(kibibytes).toBeLessThan(300_000)
      }
      const response = await whydown(['diagnose', '--response', '/dev/zero'])
      expect(response.stderr).toMatch(/--response "\/dev\/zero" is larger than 8 MiB/)
    },
  )
})

describe('whydown diagnose --response', () => {
  test('prints schema, response and diagnosis, for a file and for standard input', async () => {
    const path = file('response.bin', NGINX_502)
    const fromFile = await whydown(['diagnose', '--response', path, '--json'])
    expect(fromFile).toMatchObject({ status: 2, stderr: '' })
    const judged = JSON.parse(fromFile.stdout) as Record<string, unknown>
    expect(Object.keys(judged)).toEqual(['schema', 'response', 'diagnosis'])
    expect(judged).toMatchObject({
      schema: 1,
      response: { status: 502, reason: 'Bad Gateway', bodyBytes: BODY.length },
      diagnosis: { generator: { product: 'nginx', version: '1.22.1' } },
    })
    expect((await whydown(['diagnose', '--response', '-', '--json'], { input: NGINX_502 })).stdout).toBe(
      fromFile.stdout,
    )
  })

  test('tells it shortly, as text', async () => {
    const ended = await whydown(['diagnose', '--response', '-'], { input: NGINX_502 })
    expect(ended.stdout).toMatch(/^DOWN {2}\S/)
    expect(ended.stdout).toContain(`HTTP/1.1 502 Bad Gateway, 5 fields, ${BODY.length} bytes of content`)
    expect(ended.stdout).toContain('Why we say so')
    for (const line of ended.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('0 when nothing is wrong with it', async () => {
    const ended = await whydown(['diagnose', '--response', '-'], {
      input: ok('a fine page with words on it'),
    })
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expect(ended.stdout).toMatch(/^OK {2}Nothing is wrong with this response/)
  })

  test.each<[string, string]>([
    ['half a head', NGINX_502.slice(0, 60)],
    ['half a body', NGINX_502.slice(0, -40)],
    ['a status line alone', 'HTTP/1.1 504 Gateway Timeout\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2p1\r\n'],
    ['rubbish', '\u0000\u0001\u0002'],
    ['terminal escapes', `HTTP/1.1 500 \x1b[2J\x1b]0;owned\x07\r\nServer: \u202eevil\r\n\r\n\x1b[31m`],
  ])('judges %s', async (_name, input) => {
    const ended = await whydown(['diagnose', '--response', '-'], { input })
    expect(ended).toMatchObject({ status: 2, stderr: '' })
    expect(ended.stdout).toMatch(/^DOWN {2}\S/)
    expect(ended.stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})
