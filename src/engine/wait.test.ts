import { describe, expect, onTestFinished, test } from 'vitest'
import { fakeClock } from '../../test/fake-clock.ts'
import { httpServer, ok } from '../../test/world/http-server.ts'
import { startPool } from '../../test/world/pool.ts'
import { DEFAULT_OPTIONS } from '../model/check-options.ts'
import { systemIo } from '../probe/io.ts'
import { systemClock } from '../util/clock.ts'
import { waitFor, type WaitOptions } from './wait.ts'
import type { News } from './wait-state.ts'

const BAD = 'HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\nContent-Length: 3\r\n\r\nbad'

function options(given: Partial<WaitOptions> = {}): WaitOptions {
  return {
    until: 'up',
    successes: 2,
    intervalMs: 1_000,
    longestMs: 60_000,
    timeoutMs: null,
    check: {},
    signal: null,
    ...given,
  }
}

/** Real checks, but pauses of the wait pass at once: only its own timers are the fake clock's. */
function skippingPauses() {
  const clock = fakeClock(systemClock.nowMs())
  const heard: News[] = []
  const io = {
    ...systemIo,
    clock,
    randomInt: () => 500_000,
  }
  const tell = (news: News) => {
    heard.push(news)
    if (news.kind === 'pausing') setImmediate(() => clock.advance(news.ms))
  }
  return { io, tell, heard, clock }
}

describe('waitFor()', () => {
  test('is over when the site is back, and knows what it was', async () => {
    const site = await httpServer((_, count) => ({ bytes: count <= 3 ? BAD : ok() }))
    onTestFinished(() => site[Symbol.asyncDispose]())
    const { io, tell, heard } = skippingPauses()
    const summary = await waitFor(site.url, options(), tell, io)
    expect(summary).toMatchObject({ end: 'reached', looks: 5, ours: false, until: 'up' })
    expect(summary.stretches.map(({ seen, number, looks }) => [seen, number, looks])).toEqual([
      ['down', '502', 3],
      ['up', null, 2],
    ])
    expect(summary.stretches[0]?.article).toBe('http-502')
    expect(summary.changes).toContain('the status was 502 and is 200')
    expect(heard.filter(({ kind }) => kind === 'changed')).toHaveLength(2)
    expect(site.requests).toHaveLength(5)
  })

  test('respects Retry-After', async () => {
    const busy = 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 90\r\nContent-Length: 4\r\n\r\nbusy'
    const site = await httpServer((_, count) => ({ bytes: count <= 1 ? busy : ok() }))
    onTestFinished(() => site[Symbol.asyncDispose]())
    const { io, tell, heard } = skippingPauses()
    const summary = await waitFor(site.url, options(), tell, io)
    expect(heard.find(({ kind }) => kind === 'pausing')).toMatchObject({ ms: 90_000 })
    expect(heard.find(({ kind }) => kind === 'asked_to_wait')).toMatchObject({ retryAfterMs: 90_000 })
    expect(summary.downMs).toBeGreaterThanOrEqual(90_000)
  })

  test('wants every address back that failed, not only the first that answers', async () => {
    let bad = 3
    const site = await startPool(['127.0.0.1', '127.0.0.2'], ({ ip }) => {
      if (ip === '127.0.0.2' && bad-- > 0) return BAD
      return ok()
    })
    onTestFinished(() => site[Symbol.asyncDispose]())
    const { io, tell } = skippingPauses()
    const hosts = '127.0.0.2 shop.example.test\n127.0.0.1 shop.example.test\n'
    const named = { ...io, readText: (path: string) => (path.endsWith('hosts') ? hosts : null) }
    const summary = await waitFor(`http://shop.example.test:${site.port}/`, options(), tell, named)
    expect(summary.end).toBe('reached')
    expect(summary.stretches[0]).toMatchObject({ seen: 'down', number: '502', failing: ['127.0.0.2'] })
    const last = site.requests.slice(-2).map(({ ip }) => ip)
    expect(last).toContain('127.0.0.2')
  })

  test('gives up when its time is over, with what was seen last', async () => {
    const site = await httpServer(BAD)
    onTestFinished(() => site[Symbol.asyncDispose]())
    const { io, tell } = skippingPauses()
    const summary = await waitFor(site.url, options({ timeoutMs: 10_000 }), tell, io)
    expect(summary).toMatchObject({ end: 'time_over', waitedMs: 10_000, downMs: 10_000, ours: false })
  })

  test('ends at once when somebody interrupts during a pause', async () => {
    const site = await httpServer(BAD)
    onTestFinished(() => site[Symbol.asyncDispose]())
    const stop = new AbortController()
    const clock = fakeClock()
    const summary = await waitFor(
      site.url,
      options({ signal: stop.signal }),
      ({ kind }) => {
        if (kind === 'pausing') setImmediate(() => stop.abort())
      },
      { ...systemIo, clock },
    )
    expect(summary).toMatchObject({ end: 'interrupted', looks: 1 })
    expect(clock.pending()).toBe(0)
  })

  test('ends before the first look when it was interrupted before', async () => {
    const summary = await waitFor('http://127.0.0.1:1/', options({ signal: AbortSignal.abort() }))
    expect(summary).toMatchObject({ end: 'interrupted', looks: 0, stretches: [] })
  })

  test('waits until a site is down', async () => {
    const site = await httpServer((_, count) => ({ bytes: count <= 2 ? ok() : BAD }))
    onTestFinished(() => site[Symbol.asyncDispose]())
    const { io, tell } = skippingPauses()
    const summary = await waitFor(site.url, options({ until: 'down' }), tell, io)
    expect(summary).toMatchObject({ end: 'reached', looks: 4 })
  })

  test('throws the mistakes of its caller', async () => {
    const check = { tls: { ...DEFAULT_OPTIONS.tls, ca: 'no certificate' } }
    await expect(waitFor('https://127.0.0.1:1/', options({ check }))).rejects.toThrow(/certificate/)
  })
})
