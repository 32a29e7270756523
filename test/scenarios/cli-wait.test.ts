// `whydown wait` as a process of its own: what it prints, what it runs, how it ends.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { httpServer, ok } from '../world/http-server.ts'
import { whydown } from './cli-process.ts'

const BAD = 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nbad'
const QUICK = ['--interval', '500ms', '--proxy', 'none']

/** Answers 502 so often, then well. */
async function flakySite(failures: number) {
  const site = await httpServer((_, count) => ({ bytes: count <= failures ? BAD : ok() }))
  onTestFinished(() => site[Symbol.asyncDispose]())
  return site
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 1
}

describe('whydown wait', () => {
  test('prints a line an event and the story, and exits with 0 when the site is back', async () => {
    const site = await flakySite(1)
    const { status, stdout, stderr } = await whydown(['wait', site.url, ...QUICK])
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d ✖ down: 502 status_unaccepted/)
    expect(stdout).toMatch(/\d\d:\d\d:\d\d ✔ up after \d s down/)
    expect(stdout).toContain('seen 1 of 2 times in a row')
    expect(stdout).toMatch(/is back \(waited \d s, 3 looks\)\./)
    expect(stdout).toContain('What changed: the status was 502 and is 200.')
    expect(stdout).toContain('whydown explain http-502')
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test('prints one JSON object a line with --json', async () => {
    const site = await flakySite(1)
    const { status, stdout } = await whydown(['wait', site.url, ...QUICK, '--json', '--successes', '1'])
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ kind }) => kind)).toEqual(['changed', 'pausing', 'changed', 'ended'])
    expect(lines.at(-1)).toMatchObject({ schema: 1, end: 'reached', looks: 2, url: site.url })
    expect(status).toBe(0)
  })

  test('runs the command of --then without a shell, the facts in its environment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'whydown-wait-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const script = join(folder, 'then.mjs')
    const seen = join(folder, 'seen.json')
    writeFileSync(
      script,
      `import { writeFileSync } from 'node:fs'
       writeFileSync(process.argv[2], JSON.stringify({ args: process.argv.slice(3), env: process.env }))`,
    )
    const site = await flakySite(1)
    const command = `"${process.execPath}" '${script}' ${seen} "two words" $HOME '*'`
    const { status } = await whydown(['wait', site.url, ...QUICK, '--successes', '1', '--then', command])
    expect(status).toBe(0)
    const { args, env } = JSON.parse(readFileSync(seen, 'utf8')) as {
      args: string[]
      env: Record<string, string>
    }
    expect(args).toEqual(['two words', '$HOME', '*'])
    expect(env).toMatchObject({
      WHYDOWN_URL: site.url,
      WHYDOWN_STATE: 'up',
      WHYDOWN_CODE: 'status_unaccepted',
      WHYDOWN_NUMBER: '502',
      WHYDOWN_ARTICLE: 'http-502',
      WHYDOWN_LOOKS: '2',
    })
    expect(env['WHYDOWN_CHANGES']).toContain('the status was 502 and is 200')
  })

  test('exits with 3 when the command of --then fails or does not exist', async () => {
    const site = await flakySite(0)
    const one = ['wait', site.url, ...QUICK, '--successes', '1', '--then']
    const failed = await whydown([...one, `"${process.execPath}" -e "process.exit(7)"`])
    expect(failed).toMatchObject({
      status: 3,
      stderr: 'whydown: the command of --then ended with status 7.\n',
    })
    const missing = await whydown([...one, '/nonexistent/program'])
    expect(missing.status).toBe(3)
    expect(missing.stderr).toContain('there is no such program')
  })

  test('gives up with 2 when the time is over', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`
    const { status, stdout } = await whydown(['wait', url, ...QUICK, '--timeout', '700ms'])
    expect(stdout).toMatch(/Gave up on .*: last seen down: 006 connect_refused/)
    expect(status).toBe(2)
  })

  test('gives up with 3 when the fault was on our side', async () => {
    const resolver = `127.0.0.1:${await closedPort()}`
    const { status, stdout } = await whydown([
      ...['wait', 'http://shop.example.test/', ...QUICK, '--resolver', resolver, '--timeout', '900ms'],
    ])
    expect(stdout).toContain('cannot tell (the fault is on our side)')
    expect(status).toBe(3)
  })

  test.skipIf(process.platform === 'win32')('prints the story so far on Ctrl-C', async () => {
    const site = await httpServer(BAD)
    onTestFinished(() => site[Symbol.asyncDispose]())
    const { status, stdout, signal } = await whydown(
      ['wait', site.url, '--interval', '60s', '--proxy', 'none'],
      {
        onOutput: (child) => child.kill('SIGINT'),
      },
    )
    expect(signal).toBeNull()
    expect(stdout).toMatch(/Stopped waiting for .*: last seen down: 502/)
    expect(status).toBe(2)
  })

  test.each([
    [['wait'], /missing required argument/],
    [['wait', 'http://127.0.0.1/', '--until', 'later'], /--until "later" is not known/],
    [['wait', 'http://127.0.0.1/', '--interval', '1ms'], /too short/],
    [['wait', 'http://127.0.0.1/', '--interval', '9s', '--max-interval', '1s'], /--max-interval is shorter/],
    [['wait', 'http://127.0.0.1/', '--successes', '0'], /--successes "0"/],
    [['wait', 'http://127.0.0.1/', '--then', 'echo "open'], /never closed/],
    [['wait', 'http://127.0.0.1/', '--then', ' '], /--then is empty/],
    [['wait', 'ftp://127.0.0.1/'], /ftp/],
    [['wait', 'http://127.0.0.1/', 'http://127.0.0.2/'], /one URL at a time/],
  ])('refuses %j in a sentence', async (args, says) => {
    const { status, stderr, stdout } = await whydown(args)
    expect(stderr).toMatch(says)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    expect(status).toBe(3)
  })
})
