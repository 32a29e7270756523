// `whydown explain` as a process of its own: every way in, every way out, and what it refuses.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Explanation } from '../../src/model/explanation.ts'
import { MAIN, whydown } from './cli-process.ts'

const PAGE =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n'
const RESPONSE = `HTTP/1.1 502 Bad Gateway\r\nServer: nginx/1.24.0\r\nDate: Fri, 20 Nov 2026 09:00:00 GMT\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\nConnection: keep-alive\r\n\r\n${PAGE}`

function fileWith(name: string, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'whydown-explain-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function json(args: string[], input?: string) {
  const ended = await whydown(['explain', ...args, '--json'], input === undefined ? {} : { input })
  return { ...ended, explanation: JSON.parse(ended.stdout) as Explanation }
}

describe('whydown explain', () => {
  test.each(['502', '0x80244021', '80244021', '-2145107935', 'HTTP/1.1 502', 'http-502'])(
    'explains %s',
    async (code) => {
      const { status, stdout, stderr } = await whydown(['explain', code])
      expect(stdout).toMatch(/^502 Bad Gateway\n/)
      expect(stdout).toContain('\nWHAT TO DO NOW\n')
      expect(stderr).toBe('')
      expect(status).toBe(0)
    },
  )

  test('takes a text in several arguments', async () => {
    const { explanation } = await json(['Request', 'failed', 'with', 'status', 'code', '502'])
    expect(explanation).toMatchObject({ input: { kind: 'message' }, best: { article: 'http-502' } })
  })

  test('names who made a page and what it says, from a file, a response, standard input and a trace of curl', async () => {
    const trace = `* Connected\n> GET / HTTP/1.1\n>\n${RESPONSE.split('\r\n\r\n')[0]?.replace(/^/gm, '< ')}\n< \n${PAGE}`
    const ways = [
      await json([fileWith('page.html', PAGE)]),
      await json([fileWith('noname', RESPONSE)]),
      await json(['-'], RESPONSE),
      await json([], trace),
      await json(['--file', fileWith('502', PAGE)]),
    ]
    for (const { explanation, status } of ways) {
      expect(explanation.best).toMatchObject({
        article: 'http-502',
        generator: { product: 'nginx', version: '1.24.0' },
      })
      expect(explanation.best?.causes.length).toBeGreaterThan(1)
      expect(status).toBe(0)
    }
    expect(ways.map(({ explanation }) => explanation.input.kind)).toEqual([
      'page',
      'response',
      'response',
      'response',
      'page',
    ])
  })

  test('keeps the shape of the contract', async () => {
    const { explanation } = await json(['502'])
    expect(explanation).toMatchObject({ schema: 1, input: { kind: 'code', text: '502' }, others: [] })
    expect(Object.keys(explanation.best ?? {})).toEqual(
      expect.arrayContaining(['article', 'title', 'codes', 'generator', 'cause', 'confidence']),
    )
    expect(explanation.best?.codes).toContain('0x80244021')
  })

  test('says that it does not know, and what is near', async () => {
    const { status, stdout } = await whydown(['explain', 'ECONNREFUSD'])
    expect(stdout).toContain('Nothing is known about the code "ECONNREFUSD".')
    expect(stdout).toContain('Nearest known: ECONNREFUSED')
    expect(status).toBe(1)
    const { explanation } = await json(['The cat sat on the mat.'])
    expect(explanation).toMatchObject({ best: null, others: [] })
  })

  test('sends a URL to the right command', async () => {
    const { stdout, status } = await whydown(['explain', 'https://shop.example.test/'])
    expect(stdout).toContain('whydown check https://shop.example.test/')
    expect(status).toBe(1)
  })

  test('lists all articles, also as JSON and Markdown', async () => {
    const list = await whydown(['explain', '--list'])
    expect(list.stdout).toMatch(/^http-502 +502 Bad Gateway$/m)
    const { articles } = JSON.parse((await whydown(['explain', '--list', '--json'])).stdout) as {
      articles: { id: string }[]
    }
    expect(articles.length).toBeGreaterThanOrEqual(110)
    expect((await whydown(['explain', '--list', '--format', 'markdown'])).stdout).toMatch(/^# Errors\n/)
  })

  test('writes Markdown and HTML', async () => {
    expect((await whydown(['explain', '502', '--format', 'markdown'])).stdout).toMatch(
      /^# 502 Bad Gateway\n\n/,
    )
    expect((await whydown(['explain', '502', '--format', 'html'])).stdout).toMatch(
      /^<h1>502 Bad Gateway<\/h1>\n/,
    )
  })

  test('keeps to the width, in ASCII when asked', async () => {
    const { stdout } = await whydown(['explain', '502', '--width', '50', '--ascii'])
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/)
    const wide = stdout.split('\n').filter((line) => line.length > 50 && !/connect -|resolve -/.test(line))
    expect(wide).toEqual([])
  })

  test('shows nothing raw of what was pasted', async () => {
    const { stdout } = await whydown(['explain', '\x1b[2Jnothing \u202eknown'])
    expect(stdout).not.toMatch(/\x1b|\u202e/)
  })

  test.each([
    ['too much', () => [fileWith('big.txt', 'error 502 '.repeat(1_100_000))], /larger than 4 MiB/],
    ['an archive', () => [fileWith('page.zip', Buffer.from('PK\x03\x04\0\0', 'latin1'))], /zip archive/],
    ['a compressed file', () => [fileWith('page.html', gzipSync(PAGE))], /gzip/],
    [
      'binary',
      () => ['--file', fileWith('x', Buffer.from(Array.from({ length: 999 }, (_, at) => at % 7)))],
      /binary/,
    ],
    ['a missing file', () => ['gone.html'], /no such file/],
    ['a folder', () => ['--file', tmpdir()], /is a directory/],
    ['an empty file', () => [fileWith('page.html', '')], /empty/],
    ['nothing', () => [''], /empty/],
    ['two ways in', () => ['502', '--file', 'x'], /contradict/],
    ['an unknown format', () => ['502', '--format', 'har'], /har/],
  ])('refuses %s in a sentence', async (_, args, says) => {
    const { status, stdout, stderr } = await whydown(['explain', ...args()])
    expect(stderr).toMatch(says)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    expect(status).toBe(3)
  })

  test('refuses ten megabytes from a pipe as well', async () => {
    const { status, stderr } = await whydown(['explain'], { input: 'error 502 '.repeat(1_100_000) })
    expect(stderr).toMatch(/larger than 4 MiB/)
    expect(status).toBe(3)
  })

  test.skipIf(process.platform === 'win32')('ends quietly when nobody reads on', async () => {
    const child = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}" explain --list --json | head -1`])
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    const status = await new Promise((resolve) => child.on('close', resolve))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})
