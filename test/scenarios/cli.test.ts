// The command line as its users meet it: the real program, real servers, standard output, standard error and the
// exit status.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckResult } from '../../src/model/result.ts'
import { columns } from '../../src/report/safe-text.ts'
import { harErrors } from '../golden/har-rules.ts'
import { issue } from '../world/certificates.ts'
import { a, startDnsServer, zone } from '../world/dns-server.ts'
import { type HttpWorld, httpServer, ok, redirect } from '../world/http-server.ts'
import { httpProxy } from '../world/proxy-server.ts'
import { listen, refusingPort } from '../world/tcp-server.ts'
import { startTls } from '../world/tls-server.ts'
import { whydown } from './cli-process.ts'

let folder = ''
let up: HttpWorld
let bad: HttpWorld
let hostile: HttpWorld

const HOSTILE =
  'HTTP/1.1 500 \x1b[2J\x1b]0;owned\x07\r\nX-Evil: \x9b31m\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 9999\r\n\r\n' +
  Buffer.from(
    `<title>\u202eevil\u2066\x1b[31m${'漢字'.repeat(60)}</title>\n\x1b]52;c;b3duZWQ=\x07 ${'x'.repeat(300)}\u2028\u200b e${'\u0301'.repeat(50)}\n`,
  ).toString('latin1')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whydown-cli-'))
  up = await httpServer(ok('hello', 'Content-Type: text/plain\r\n'))
  bad = await httpServer('HTTP/1.1 502 Bad Gateway\r\nServer: lab\r\nContent-Length: 9\r\n\r\nno luck!\n')
  hostile = await httpServer(HOSTILE)
})

afterAll(async () => {
  rmSync(folder, { recursive: true })
  await Promise.all([up.close(), bad.close(), hostile.close()])
})

function parsed(text: string): CheckResult {
  return JSON.parse(text) as CheckResult
}

describe('exit status', () => {
  test('0 when the site is up', async () => {
    const ended = await whydown([up.url])
    expect(ended).toMatchObject({ status: 0, stderr: '' })
    expect(ended.stdout).toMatch(/^UP {2}http:\/\/127\.0\.0\.1:\d+\/ {2}200 OK from 127\.0\.0\.1 in /)
    expect(ended.stdout).toContain('HTTP/1.1 200 OK')
    expect(ended.stdout).not.toContain('What the server sent')
  })

  test('1 when it works but needs attention', async () => {
    const ended = await whydown([up.url, '--expect-time', '0.001ms'])
    expect(ended).toMatchObject({ status: 1, stderr: '' })
    expect(ended.stdout).toMatch(/^DEGRADED /)
    expect(ended.stdout).toContain('too_slow')
  })

  test('2 when it is down, with the failed phase and the bytes', async () => {
    const ended = await whydown(['check', bad.url, '--no-drill'])
    expect(ended).toMatchObject({ status: 2, stderr: '' })
    expect(ended.stdout).toMatch(/^DOWN {2}\S.*502 Bad Gateway[^]*\n {6}http:/)
    expect(ended.stdout).toMatch(/502 Bad Gateway from the server at 127\.0\.0\.1\s+\(status, after/)
    expect(ended.stdout).toMatch(/✖ status +accepted: 200-399\n +status_unaccepted: 502 Bad Gateway/)
    expect(ended.stdout).toContain('│ Server: lab')
    expect(ended.stdout).toContain('│ no luck!')
  })

  test('2 when nobody listens', async () => {
    const ended = await whydown([`http://127.0.0.1:${await refusingPort()}/`])
    expect(ended.status).toBe(2)
    expect(ended.stdout).toContain('refuses the connection')
    expect(ended.stdout).toContain('not reached: send, wait, receive, status')
  })

  test('3 when the fault is ours', async () => {
    const ended = await whydown([up.url, '--deny-network', '127.0.0.0/8'])
    expect(ended).toMatchObject({ status: 3, stderr: '' })
    expect(ended.stdout).toMatch(/^UNKNOWN /)
    expect(ended.stdout).toContain('address_forbidden')
  })
})

describe('options reach the check', () => {
  test('method, fields, content, authentication and user agent', async () => {
    const file = join(folder, 'body.txt')
    writeFileSync(file, 'from a file')
    const args = [
      '--data',
      `@${file}`,
      '--header',
      'X-A: 1',
      '--header',
      'X-A: 2',
      '--user',
      'me:secret',
      '--user-agent',
      'tester',
    ]
    expect((await whydown([up.url, ...args])).status).toBe(0)
    const request = up.requests.at(-1) ?? ''
    expect(request).toMatch(/^POST \/ HTTP\/1\.1\r\n/)
    expect(request).toContain('X-A: 1\r\nX-A: 2\r\n')
    expect(request).toContain(`Authorization: Basic ${Buffer.from('me:secret').toString('base64')}\r\n`)
    expect(request).toContain('User-Agent: tester\r\n')
    expect(request).toContain('Content-Type: application/x-www-form-urlencoded\r\n')
    expect(request.endsWith('\r\n\r\nfrom a file')).toBe(true)
  })

  test('content from standard input, another method and type', async () => {
    const args = [
      '--data',
      '@-',
      '--method',
      'PUT',
      '--header',
      'content-type: text/plain',
      '--bearer',
      'token',
    ]
    await whydown([up.url, ...args], { input: 'piped in' })
    const request = up.requests.at(-1) ?? ''
    expect(request).toMatch(/^PUT /)
    expect(request).toContain('content-type: text/plain\r\n')
    expect(request).not.toContain('urlencoded')
    expect(request).toContain('Authorization: Bearer token\r\n')
    expect(request.endsWith('piped in')).toBe(true)
  })

  test('expectations', async () => {
    await using json = await httpServer(ok('{"status":"ok","count":3}', 'Content-Type: application/json\r\n'))
    const good = [
      '--expect-json',
      'status=ok',
      '--expect-json',
      'count=3',
      '--expect-json',
      'count',
      '--expect-text',
      'ok',
      '--reject-text',
      'bad',
    ]
    expect((await whydown([json.url, ...good])).status).toBe(0)
    const ended = await whydown([json.url, '--no-drill', '--expect-json', 'count="3"'])
    expect(ended.status).toBe(2)
    expect(ended.stdout).toContain('json_mismatch (010)')
    expect((await whydown([bad.url, '--expect-status', '502'])).status).toBe(0)
    expect((await whydown([up.url, '--no-drill', '--expect-status', '5xx'])).status).toBe(2)
    expect((await whydown([up.url, '--no-drill', '--reject-text', 'hell'])).stdout).toContain('text_unwanted')
  })

  test('redirects are followed, or judged when that is wanted', async () => {
    await using server = await httpServer((request) => ({
      bytes: request.startsWith('GET /there') ? ok() : redirect('/there'),
    }))
    const followed = await whydown([server.url])
    expect(followed.status).toBe(0)
    expect(followed.stdout).toContain('to /there')
    expect(followed.stdout).toMatch(/GET http:\/\/127\.0\.0\.1:\d+\/there\n/)
    const before = server.requests.length
    const args = ['--expect-status', '301-302', '--json']
    for (const none of [['--no-redirects'], ['--max-redirects', '0']]) {
      const ended = await whydown([server.url, ...args, ...none])
      expect(ended.status).toBe(0)
      expect(parsed(ended.stdout).exchanges).toHaveLength(1)
    }
    expect(server.requests).toHaveLength(before + 2)
  })

  test('--connect-to dials elsewhere and keeps Host', async () => {
    const ended = await whydown([`http://shop.test:1/`, '--connect-to', `127.0.0.1:${up.port}`], {
      env: { http_proxy: 'http://127.0.0.1:1' },
    })
    expect(ended.status).toBe(0)
    expect(up.requests.at(-1)).toContain('Host: shop.test:1\r\n')
  })

  test('--proxy, the environment, and none', async () => {
    await using proxy = await httpProxy({ login: 'me:secret' })
    const env = { http_proxy: `http://127.0.0.1:${proxy.port}` }
    const given = await whydown([up.url, '--proxy', env.http_proxy])
    expect(given.stdout).toContain('proxy_auth_required')
    expect(given.status).toBe(3)
    expect((await whydown([up.url], { env })).status).toBe(given.status)
    expect((await whydown([up.url, '--proxy', `http://me:secret@127.0.0.1:${proxy.port}`])).status).toBe(0)
    expect((await whydown([up.url, '--proxy', 'none'], { env })).status).toBe(0)
    expect((await whydown([up.url], { env: { ...env, no_proxy: '127.0.0.1' } })).status).toBe(0)
  })

  test('--timeout ends a check, and the phase that was open says how long', async () => {
    await using silent = await listen()
    const ended = await whydown([
      `http://127.0.0.1:${silent.port}/`,
      '--timeout',
      '100ms',
      '--json',
      '--no-drill',
    ])
    expect(ended.status).toBe(2)
    const result = parsed(ended.stdout)
    expect(result.failure).toMatchObject({ phase: 'wait', code: 'answer_timed_out', number: '011' })
    expect(result.exchanges[0]?.timings.wait).toBeGreaterThan(0)
  })

  test('--resolver, -4 and -6', async () => {
    const dns = await startDnsServer(zone({ 'shop.test': [a('127.0.0.1')] }))
    const args = [`http://shop.test:${up.port}/`, '--resolver', `${dns.ip}:${dns.port}`]
    try {
      const four = await whydown([...args, '-4', '--json'])
      expect(four.status).toBe(0)
      expect(parsed(four.stdout).exchanges[0]?.address).toEqual({ ip: '127.0.0.1', port: up.port, family: 4 })
      expect(dns.queries.length).toBeGreaterThan(0)
      const six = await whydown([...args, '-6'])
      expect(six.status).toBe(2)
      expect(six.stdout).toContain('dns_no_address (001)')
      expect(six.stdout).toMatch(/^ {2}you .*resolver /m)
    } finally {
      await dns.close()
    }
  })

  test('--ca, --insecure, --server-name, --expect-cert-days and a client certificate', async () => {
    const authority = issue({ commonName: 'Test Root', ca: true })
    const leaf = issue({ commonName: 'shop.test', names: ['shop.test'] }, authority)
    const client = issue({ commonName: 'client.test' }, authority)
    const files = {
      ca: authority.pem,
      cert: client.pem,
      key: client.keyPem,
      both: client.pem + client.keyPem,
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.pem`), text)
    const asked: { name: string | false | null; client: boolean }[] = []
    const server = await startTls({
      chain: [leaf],
      requestCert: true,
      rejectUnauthorized: false,
      serve: (socket) => {
        asked.push({ name: socket.servername, client: socket.getPeerX509Certificate() !== undefined })
        socket.on('data', () => socket.end(ok()))
      },
    })
    const dial = ['--connect-to', `127.0.0.1:${server.port}`]
    const file = (name: string): string => join(folder, `${name}.pem`)
    try {
      const untrusted = await whydown(['https://shop.test/', ...dial, '--no-drill'])
      expect(untrusted.status).toBe(2)
      expect(untrusted.stdout).toMatch(/✖ tls .*\n[^]*certificate_/)
      expect((await whydown(['https://shop.test/', ...dial, '--insecure'])).status).toBe(0)
      const trusted = ['https://shop.test/', ...dial, '--ca', file('ca')]
      expect((await whydown([...trusted, '--cert', file('cert'), '--key', file('key')])).status).toBe(0)
      expect(asked.at(-1)).toEqual({ name: 'shop.test', client: true })
      expect(
        (await whydown([...trusted, '--cert', file('both'), '--server-name', 'other.test', '--insecure']))
          .status,
      ).toBe(0)
      expect(asked.at(-1)).toEqual({ name: 'other.test', client: true })
      expect((await whydown([...trusted, '--server-name', '', '--insecure'])).status).toBe(0)
      expect(asked.at(-1)).toEqual({ name: false, client: false })
      const soon = await whydown([...trusted, '--expect-cert-days', '10000'])
      expect(soon.status).toBe(1)
      expect(soon.stdout).toContain('certificate_expiring')
    } finally {
      await server.stop()
    }
  })

  test('options may stand before the command, and --no-drill does no harm', async () => {
    const ended = await whydown(['--json', '--no-drill', 'check', up.url])
    expect(ended.status).toBe(0)
    expect(parsed(ended.stdout).outcome).toBe('up')
  })
})

describe('formats', () => {
  test('--json prints the result of the contract', async () => {
    const ended = await whydown([bad.url, '--json', '--no-drill'])
    expect(ended).toMatchObject({ status: 2, stderr: '' })
    const result = parsed(ended.stdout)
    expect(result).toMatchObject({ schema: 1, outcome: 'down', failure: { phase: 'status', number: '502' } })
    expect(Buffer.from(result.exchanges[0]?.response?.raw ?? '', 'base64').toString()).toContain('no luck!')
    expect((await whydown([bad.url, '--format', 'json', '--no-drill'])).stdout).toMatch(
      /^\{\n {2}"schema": 1,/,
    )
  })

  test('--format har is a valid archive with the content of good answers', async () => {
    const ended = await whydown([up.url, '--format', 'har'])
    const har = JSON.parse(ended.stdout) as {
      log: { creator: { version: string }; entries: { response: { content: { text: string } } }[] }
    }
    expect(harErrors(har)).toEqual([])
    expect(har.log.entries[0]?.response.content.text).toBe('hello')
    const version = (await whydown(['--version'])).stdout.trim()
    expect(har.log.creator.version).toBe(version)
    expect(version).toMatch(/^\d+\.\d+\.\d+/)
  })

  test('--format markdown is a report for a ticket', async () => {
    const ended = await whydown([bad.url, '--format', 'markdown', '--no-drill'])
    expect(ended.status).toBe(2)
    expect(ended.stdout).toMatch(/^## DOWN: `http/)
    expect(ended.stdout).toContain('| phase | state | time | seen |')
  })

  test('--save writes the evidence whole, on success and on failure, whatever is printed', async () => {
    const path = join(folder, 'evidence.json')
    for (const [url, outcome, status] of [
      [up.url, 'up', 0],
      [bad.url, 'down', 2],
    ] as const) {
      const ended = await whydown([url, '--save', path, '--no-drill'])
      expect(ended.status).toBe(status)
      const saved = parsed(readFileSync(path, 'utf8'))
      expect(saved.outcome).toBe(outcome)
      expect(saved.exchanges[0]?.response?.raw).toBeTruthy()
    }
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([])
  })

  test('no secret is printed or saved', async () => {
    const path = join(folder, 'secret.json')
    const url = bad.url.replace('http://', 'http://me:hunter2@')
    for (const args of [[], ['--json'], ['--format', 'har'], ['--format', 'markdown']]) {
      const ended = await whydown([
        url,
        '--header',
        'X-Api-Key: hunter2',
        '--save',
        path,
        '--no-drill',
        ...args,
      ])
      expect(ended.status).toBe(2)
      const all = ended.stdout + ended.stderr + readFileSync(path, 'utf8')
      expect(all).not.toContain('hunter2')
      expect(all).not.toContain(Buffer.from('me:hunter2').toString('base64'))
    }
    expect(bad.requests.at(-1)).toContain('hunter2')
  })
})

describe('--repeat', () => {
  test('one line a check, the first failure of a kind in full, a summary; the worst decides', async () => {
    await using server = await httpServer((_request, count) => ({
      bytes: count === 2 ? 'HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n' : ok(),
    }))
    const ended = await whydown([server.url, '--repeat', '3', '--no-drill'])
    expect(ended).toMatchObject({ status: 2, stderr: '' })
    const lines = ended.stdout.split('\n')
    expect(lines[0]).toMatch(/^1 UP +[\d.]+ ms {2}200 OK from 127\.0\.0\.1$/)
    expect(lines[1]).toMatch(/^2 DOWN +[\d.]+ ms {2}503 Busy from the server/)
    expect(lines[2]).toMatch(/^3 UP /)
    expect(ended.stdout.match(/^DOWN {2}\S/gm)).toHaveLength(1)
    expect(lines.at(-2)).toMatch(/^3 checks: 2 up, 1 down; min .* median .* max .*ms$/)
    expect(server.requests).toHaveLength(3)
  })

  test('--json prints and saves one document a line', async () => {
    const path = join(folder, 'many.jsonl')
    const ended = await whydown([up.url, '--repeat', '3', '--json', '--save', path])
    expect(ended.status).toBe(0)
    const outcomes = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => parsed(line).outcome)
    expect(outcomes).toEqual(['up', 'up', 'up'])
    expect(
      readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => parsed(line).schema),
    ).toEqual([1, 1, 1])
  })
})

describe('the terminal', () => {
  const COLOUR = '\x1b['

  test('colours only when asked to where there is no terminal', async () => {
    expect((await whydown([bad.url, '--no-drill'])).stdout).not.toContain(COLOUR)
    expect((await whydown([bad.url, '--color', '--no-drill'])).stdout).toContain(COLOUR)
    expect((await whydown([bad.url, '--no-drill'], { env: { FORCE_COLOR: '1' } })).stdout).toContain(COLOUR)
    expect(
      (await whydown([bad.url, '--no-drill'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout,
    ).not.toContain(COLOUR)
    expect(
      (await whydown([bad.url, '--no-color', '--no-drill'], { env: { FORCE_COLOR: '1' } })).stdout,
    ).not.toContain(COLOUR)
  })

  test.each([['text'], ['markdown']])(
    'a hostile peer cannot paint, move or reorder anything in %s',
    async (format) => {
      const ended = await whydown([hostile.url, '--format', format, '--no-drill'])
      expect(ended.status).toBe(2)
      expect(ended.stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(ended.stdout).toContain('\\x1b')
      expect(ended.stdout).toContain('<U+202E>')
    },
  )

  test('a hostile peer cannot paint anything in JSON either', async () => {
    for (const format of ['json', 'har']) {
      const ended = await whydown([hostile.url, '--format', format, '--no-drill'])
      expect(ended.stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u)
    }
  })

  test.each([24, 40, 80, 120])('no line is wider than %i columns', async (width) => {
    for (const args of [
      ['--width', `${width}`],
      ['--width', `${width}`, '--ascii'],
    ]) {
      const ended = await whydown([hostile.url, '--no-drill', ...args])
      for (const line of ended.stdout.split('\n')) expect(columns(line), line).toBeLessThanOrEqual(width)
    }
  })

  test('80 columns when nobody says', async () => {
    const lines = (await whydown([hostile.url, '--no-drill'])).stdout.split('\n')
    expect(Math.max(...lines.map(columns))).toBe(80)
  })

  test('--ascii and the C locale keep to ASCII', async () => {
    expect((await whydown([hostile.url, '--ascii', '--no-drill'])).stdout).toMatch(/^[\n -~]*$/)
    expect((await whydown([bad.url, '--no-drill'], { env: { LC_ALL: 'C' } })).stdout).toMatch(/^[\n -~]*$/)
    expect((await whydown([bad.url, '--no-drill'], { env: { LC_ALL: 'C.UTF-8' } })).stdout).toContain('✖')
  })

  test.runIf(process.platform === 'linux')(
    'a terminal gets colours, and a line of progress that is gone in the end',
    async () => {
      await using silent = await listen()
      const ended = await whydown([`http://127.0.0.1:${silent.port}/`, '--timeout', '700ms', '--no-drill'], {
        env: { TERM: 'xterm', COLUMNS: '60' },
        through: (command) => ['script', '-qec', command.map((part) => `'${part}'`).join(' '), '/dev/null'],
      })
      expect(ended.status).toBe(2)
      expect(ended.stdout).toMatch(/\rwaiting for the answer \d\.\d s\x1b\[K/)
      expect(ended.stdout).toMatch(/\r\x1b\[K\x1b\[1;31mDOWN/)
    },
  )

  test('no progress where there is no terminal', async () => {
    await using silent = await listen()
    const ended = await whydown([`http://127.0.0.1:${silent.port}/`, '--timeout', '400ms', '--no-drill'])
    expect(ended.stderr).toBe('')
  })
})

describe('endings', () => {
  test('a reader that goes away ends it quietly', async () => {
    const ended = await whydown([up.url, '--repeat', '2000'], {
      onOutput: (child) => child.stdout?.destroy(),
    })
    expect(ended.stderr).toBe('')
    expect(ended.signal).toBeNull()
    expect(up.requests.length).toBeLessThan(2000)
  })

  test.runIf(process.platform === 'linux')(
    'output that cannot be written is a sentence and status 3',
    async () => {
      const ended = await whydown([up.url], {
        through: (command) => ['sh', '-c', 'exec "$@" > /dev/full', 'sh', ...command],
      })
      expect(ended).toMatchObject({ status: 3, stdout: '' })
      expect(ended.stderr).toMatch(/^whydown: the output cannot be written: .*ENOSPC.*\n$/)
    },
  )

  test.runIf(process.platform === 'linux')(
    'evidence that does not fit is told after the report',
    async () => {
      const ended = await whydown([up.url, '--save', '/dev/full'])
      expect(ended.status).toBe(3)
      expect(ended.stdout).toMatch(/^UP /)
      expect(ended.stderr).toMatch(/^whydown: --save "\/dev\/full" cannot be written: ENOSPC.*\n$/)
    },
  )

  test('a bug of ours is called one, without a stack and never "degraded"', async () => {
    await using silent = await listen()
    const broken = 'data:text/javascript,setTimeout(()=>{throw(new(Error)(%22boom%22))},300)'
    const args = [`http://127.0.0.1:${silent.port}/`, '--timeout', '10s']
    const ended = await whydown(args, { env: { NODE_OPTIONS: `--import=${broken}` } })
    expect(ended).toMatchObject({ status: 3, stdout: '' })
    expect(ended.stderr).toBe('whydown: boom. This is a bug in whydown, not in the site.\n')
    const debug = await whydown(args, { env: { NODE_OPTIONS: `--import=${broken}`, WHYDOWN_DEBUG: '1' } })
    expect(debug.stderr).toMatch(/Error: boom\n\s+at /)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s cancels: what is known is printed and saved, status 3',
    async (signal) => {
      const path = join(folder, `${signal}.json`)
      let child: { kill: (signal: NodeJS.Signals) => void } | null = null
      await using silent = await listen((socket) => void socket.once('data', () => child?.kill(signal)))
      const { spawn } = await import('node:child_process')
      const { MAIN } = await import('./cli-process.ts')
      const running = spawn(process.execPath, [MAIN, `http://127.0.0.1:${silent.port}/`, '--save', path])
      child = running
      let stdout = ''
      running.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString()
      })
      const status = await new Promise((resolve) => running.on('close', resolve))
      expect(status).toBe(3)
      expect(stdout).toMatch(/^UNKNOWN /)
      expect(stdout).toContain('cancelled')
      expect(stdout).toMatch(/✔ connect/)
      expect(parsed(readFileSync(path, 'utf8')).failure).toMatchObject({ code: 'cancelled', phase: 'wait' })
    },
  )
})

describe('help', () => {
  test.each([[['--help']], [['-h']], [['help']]])(
    '%j shows commands, examples and exit statuses',
    async (args) => {
      const ended = await whydown(args)
      expect(ended).toMatchObject({ status: 0, stderr: '' })
      for (const part of ['Usage: whydown URL', 'check', 'Examples:', 'Exit status: 0 up'])
        expect(ended.stdout).toContain(part)
    },
  )

  test.each([[['check', '--help']], [['help', 'check']]])(
    '%j shows every option and examples',
    async (args) => {
      const ended = await whydown(args)
      expect(ended).toMatchObject({ status: 0, stderr: '' })
      for (const option of [
        '--json',
        '--save',
        '--expect-json',
        '--connect-to',
        '--proxy',
        '--ca',
        '-4',
        '--repeat',
        'Examples:',
      ]) {
        expect(ended.stdout).toContain(option)
      }
      for (const part of ['--no-drill', 'GET, HEAD', 'at most 60 requests', 'at most 15 s', 'never compared'])
        expect(ended.stdout.replaceAll('\n', ' ')).toContain(part)
      for (const line of ended.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    },
  )
})
