// The HTML report in a real browser: hostile text does nothing, nothing is loaded, every width holds it, it prints.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import html from '../../src/report/formats/html.ts'
import { HOSTILE, hostileResult } from '../golden/hostile-result.ts'
import { type Browser, startBrowser } from '../lab/browser.ts'
import { labSuite } from '../lab/lab-suite.ts'
import { type HttpWorld, httpServer, ok } from '../world/http-server.ts'
import { whydown } from './cli-process.ts'

const OPTIONS = { width: 80, color: false, ascii: false, version: '1.2.3', redact: false }
const ALLOWED =
  'html head meta title style body main header footer h1 h2 h3 p ul li dl dt dd table thead tbody tr th td strong span br a details summary pre svg circle line text rect'

labSuite(['chromium'], 'the HTML report in Chromium', () => {
  let folder = ''
  let browser: Browser
  let beacon: HttpWorld

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'whydown-html-'))
    browser = await startBrowser()
    beacon = await httpServer(ok('document.title="owned"', 'Content-Type: text/javascript\r\n'))
  }, 60_000)

  afterAll(async () => {
    await browser[Symbol.asyncDispose]()
    await beacon.close()
    rmSync(folder, { recursive: true })
  })

  function file(name: string, text: string): string {
    const path = join(folder, name)
    writeFileSync(path, text)
    return pathToFileURL(path).href
  }

  /** What a peer would send to have the reader's browser call home. */
  function calling(): string {
    return `${HOSTILE}<script src="${beacon.url}"></script><img src="${beacon.url}"><link rel=stylesheet href="${beacon.url}"><style>@import "${beacon.url}"</style><iframe src="${beacon.url}"></iframe>`
  }

  /** No policy covers a page that sends its reader elsewhere: against that there is only the escaping. */
  function withoutRefresh(text: string): string {
    return text.replace(/<meta http-equiv=refresh[^>]*>/, '')
  }

  test('hostile text runs nothing, loads nothing and makes no element', async () => {
    const before = beacon.requests.length
    const page = await browser.open(file('hostile.html', html.render(hostileResult(calling()), OPTIONS)))
    expect(await page.evaluate('document.title')).toMatch(/^DOWN: http:\/\/www\.example\.test\/\?"'`></)
    const names = await page.evaluate(
      '[...new Set([...document.querySelectorAll("*")].map((e) => e.localName))].join(" ")',
    )
    for (const name of String(names).split(' ')) expect(ALLOWED.split(' ')).toContain(name)
    const attributes = await page.evaluate(
      '[...document.querySelectorAll("*")].flatMap((e) => [...e.attributes].map((a) => a.name)).filter((n) => n.startsWith("on") || n === "src").length',
    )
    expect(attributes).toBe(0)
    const links = await page.evaluate(
      '[...document.querySelectorAll("a")].every((a) => a.getAttribute("href").startsWith("#"))',
    )
    expect(links).toBe(true)
    const invisible = await page.evaluate(
      '/[\\u202a-\\u202e\\u2066-\\u2069\\u200b-\\u200f\\ufeff\\u001b\\u0007\\u009b]/.test(document.documentElement.textContent)',
    )
    expect(invisible).toBe(false)
    expect(
      await page.evaluate('document.documentElement.textContent.includes("&lt;script&gt;&#60;b&#62;")'),
    ).toBe(true)
    expect(beacon.requests).toHaveLength(before)
    await page.close()
  }, 60_000)

  test('the policy holds even where the escaping would not; the same bytes do harm without it', async () => {
    const holed = html
      .render(hostileResult('x'), OPTIONS)
      .replace('</main>', `${withoutRefresh(calling())}</main>`)
    const before = beacon.requests.length
    const guarded = await browser.open(file('holed.html', holed))
    expect(await guarded.evaluate('document.title')).toMatch(/^DOWN/)
    expect(await guarded.evaluate('document.querySelectorAll("script").length')).toBeGreaterThan(0)
    expect(beacon.requests).toHaveLength(before)
    await guarded.close()
    const open = await browser.open(
      file('open.html', holed.replace(/<meta http-equiv="Content-Security[^>]*>/, '')),
    )
    expect(await open.evaluate('document.title')).toBe('owned')
    expect(beacon.requests.length).toBeGreaterThan(before)
    await open.close()
  }, 60_000)

  test('a real report fits phones and wide screens, leads from reasons to observations, and prints', async () => {
    await using broken = await httpServer(
      'HTTP/1.1 502 Bad Gateway\r\nServer: nginx/1.22.1\r\nContent-Length: 9\r\n\r\nno luck!\n',
    )
    const ended = await whydown([broken.url, '--no-drill', '--format', 'html'])
    expect(ended).toMatchObject({ status: 2, stderr: '' })
    for (const text of [ended.stdout, html.render(hostileResult(), OPTIONS)]) {
      const page = await browser.open(file('report.html', text))
      for (const width of [360, 768, 1200, 2560]) {
        await page.resize(width)
        const wide = await page.evaluate('document.documentElement.scrollWidth')
        expect(wide, `at ${width}`).toBeLessThanOrEqual(width)
        const shown = await page.evaluate(
          '[...document.querySelectorAll("svg.chain")].filter((e) => e.getClientRects().length > 0).map((e) => e.classList[1]).join()',
        )
        expect(shown).toBe(width <= 640 ? 'narrow' : 'wide')
      }
      const missing = await page.evaluate(
        '[...document.querySelectorAll("a")].filter((a) => !document.getElementById(a.getAttribute("href").slice(1))).length',
      )
      if (text === ended.stdout) expect(missing).toBe(0)
      expect((await page.print()).subarray(0, 5).toString()).toBe('%PDF-')
      await page.close()
    }
  }, 60_000)
})
