// A real Chromium without a window, spoken to over its debugging protocol on loopback: opens pages and asks them
// questions. Nothing of the user's profile, no background traffic.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from './lab.ts'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
]

export interface BrowserPage {
  /** The value of an expression in the page; it runs whatever policy the page has. */
  evaluate(expression: string): Promise<unknown>
  /** Lays the page out for so many CSS pixels. */
  resize(width: number): Promise<void>
  /** The page as PDF, as it would be printed. */
  print(): Promise<Buffer>
  close(): Promise<void>
}

export interface Browser extends AsyncDisposable {
  /** Opens a URL and waits until it is loaded. */
  open(url: string): Promise<BrowserPage>
}

interface Reply {
  id?: number
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { message: string }
}

/** One socket to one target: calls that wait for their answer, and events that can be waited for. */
class Session {
  readonly #socket: WebSocket
  readonly #calls = new Map<number, PromiseWithResolvers<Record<string, unknown>>>()
  readonly #events = new Map<string, PromiseWithResolvers<void>>()
  #last = 0

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply
      if (reply.method !== undefined) this.#event(reply.method).resolve()
      const call = this.#calls.get(reply.id ?? -1)
      if (reply.error) call?.reject(new Error(reply.error.message))
      else call?.resolve(reply.result ?? {})
    })
  }

  static open(url: string): Promise<Session> {
    const { promise, resolve, reject } = Promise.withResolvers<Session>()
    const socket = new WebSocket(url)
    const session = new Session(socket)
    socket.addEventListener('open', () => resolve(session))
    socket.addEventListener('error', () => reject(new Error(`no debugging at ${url}`)))
    return promise
  }

  #event(name: string): PromiseWithResolvers<void> {
    const known = this.#events.get(name) ?? Promise.withResolvers<void>()
    this.#events.set(name, known)
    return known
  }

  /** Resolves with the first event of this name, also when it has come already. */
  once(name: string): Promise<void> {
    return this.#event(name).promise
  }

  call(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const answer = Promise.withResolvers<Record<string, unknown>>()
    this.#calls.set(++this.#last, answer)
    this.#socket.send(JSON.stringify({ id: this.#last, method, params }))
    return answer.promise
  }

  close(): void {
    this.#socket.close()
  }
}

/** The address that Chromium prints once its debugging port is open. */
function debuggingUrl(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    const url = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
    if (url !== undefined) resolve(url)
  })
  child.on('exit', () => reject(new Error(`chromium ended: ${said.slice(-500)}`)))
  child.on('error', reject)
  return promise
}

async function openPage(browserUrl: string, browser: Session, url: string): Promise<BrowserPage> {
  const { targetId } = await browser.call('Target.createTarget', { url: 'about:blank' })
  const session = await Session.open(
    browserUrl.replace(/\/devtools\/.*$/, `/devtools/page/${String(targetId)}`),
  )
  await session.call('Page.enable')
  await session.call('Page.navigate', { url })
  await session.once('Page.loadEventFired')
  return {
    async evaluate(expression) {
      const answer = await session.call('Runtime.evaluate', { expression, returnByValue: true })
      return (answer['result'] as { value?: unknown }).value
    },
    async resize(width) {
      await session.call('Emulation.setDeviceMetricsOverride', {
        width,
        height: 800,
        deviceScaleFactor: 1,
        mobile: width < 600,
      })
    },
    async print() {
      const { data } = await session.call('Page.printToPDF', { printBackground: false })
      return Buffer.from(String(data), 'base64')
    },
    async close() {
      session.close()
      await browser.call('Target.closeTarget', { targetId })
    },
  }
}

/** Starts it with an empty profile, which goes with it. */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'whydown-browser-'))
  const child = spawn(
    findProgram('chromium') ?? 'chromium',
    [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const url = await debuggingUrl(child)
  const session = await Session.open(url)
  return {
    open: (address) => openPage(url, session, address),
    async [Symbol.asyncDispose]() {
      await session.call('Browser.close').catch(() => child.kill())
      session.close()
      await ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
