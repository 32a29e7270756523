// Whom to write to: a real check of a broken site, a real registry that speaks RDAP, both on loopback.
import { describe, expect, test } from 'vitest'
import { addContact, bootstrapUrl } from '../../src/engine/contact.ts'
import { check } from '../../src/engine/check.ts'
import type { ContactFacts } from '../../src/model/contact.ts'
import type { CheckResult } from '../../src/model/result.ts'
import { httpProxy } from '../world/proxy-server.ts'
import { type Answer, httpServer, ok, redirect } from '../world/http-server.ts'
import { entity, network, rdap, rdapServer } from '../world/rdap-server.ts'
import { refusingPort } from '../world/tcp-server.ts'
import { whydown } from './cli-process.ts'

const BUSY = 'HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n'
const ABUSE = network([entity(['abuse'], 'abuse@loop.test')])

/** A site that fails but for its security.txt. */
function site(securityTxt: string | null = null, type = 'text/plain; charset=utf-8') {
  return httpServer((request) => ({
    bytes:
      securityTxt !== null && request.startsWith('GET /.well-known/security.txt')
        ? ok(securityTxt, `Content-Type: ${type}\r\n`)
        : BUSY,
  }))
}

/** Checks the site, asks the registry, and gives what was found. */
async function contactOf(
  answer: (path: string, count: number) => Answer | undefined,
  securityTxt: string | null = null,
): Promise<{ result: CheckResult; facts: ContactFacts; paths: string[] }> {
  await using server = await site(securityTxt)
  await using registry = await rdapServer(answer)
  const result = await check(server.url)
  await addContact(result, `${registry.url}rdap`)
  const facts = result.diagnosis?.contactDetails
  if (!facts) throw new Error('no contact was looked up')
  return { result, facts, paths: registry.paths() }
}

describe('addContact()', () => {
  test('asks the bootstrap, then the registry it names, and adds the evidence', async () => {
    const { result, facts, paths } = await contactOf(() => rdap(ABUSE))
    expect(paths).toEqual(['/rdap/ipv4.json', '/registry/ip/127.0.0.1'])
    expect(facts).toMatchObject({
      ip: '127.0.0.1',
      network: { name: 'LOOPNET', from: '127.0.0.0' },
      people: [{ role: 'abuse', emails: ['abuse@loop.test'] }],
      security: null,
    })
    expect(result.diagnosis?.contact).toEqual([
      'abuse@loop.test (abuse contact: abuse desk, network LOOPNET)',
    ])
    const ids = result.observations.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(facts.observations.length).toBeGreaterThan(5)
    const seen = result.observations.filter(({ id }) => facts.observations.includes(id))
    expect(seen).toHaveLength(facts.observations.length)
    expect(seen.every(({ startMs }) => startMs >= result.durationMs)).toBe(true)
  })

  test('follows redirects between registries, within bounds', async () => {
    const moved = await contactOf((path) =>
      path.startsWith('ip/') ? { bytes: redirect('../other/127.0.0.1') } : rdap(ABUSE),
    )
    expect(moved.facts.people).toHaveLength(1)
    expect(moved.facts.network?.source).toMatch(/registry\/other\/127\.0\.0\.1$/)
    const endless = await contactOf((_path, count) => ({ bytes: redirect(`/registry/ip/${count}`) }))
    expect(endless.facts.missing[0]).toContain('redirect_limit')
    expect(endless.paths.length).toBeLessThan(10)
    const loop = await contactOf(() => ({ bytes: redirect('/registry/ip/127.0.0.1') }))
    expect(loop.facts.missing[0]).toContain('redirect_loop')
  })

  test.each<[string, Answer | undefined, RegExp]>([
    ['404', undefined, /knows nothing of it \(404\)/],
    ['429', rdap({}, '429 Too Many Requests', 'Retry-After: 60\r\n'), /no more questions for 60 s \(429\)/],
    ['429 with nonsense', rdap({}, '429 Slow', 'Retry-After: \x1b[31m\r\n'), /no more questions \(429\)/],
    ['500 with a word', rdap({ title: 'Out of order' }, '500 Oops'), /answered 500: Out of order/],
    ['no JSON', rdap('<html>'), /sent something else/],
    ['an empty answer', rdap(''), /sent nothing/],
    ['another object', rdap({ objectClassName: 'domain' }), /sent something else/],
    ['nobody to write to', rdap(network([])), /names nobody to write to/],
    ['half an answer', { bytes: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"obj' }, /body_truncated/],
    ['nesting without end', rdap('[{"entities":'.repeat(50_000)), /sent something else/],
    ['more than the limit', rdap(`"${'x'.repeat(1_100_000)}"`), /more than the limit/],
    ['silence', { bytes: '', ending: 'close' }, /closed_without_answer/],
  ])('says so when the registry gives %s', async (_name, answer, says) => {
    const { result, facts } = await contactOf(() => answer)
    expect(facts.missing.join('\n')).toMatch(says)
    expect(result.diagnosis?.contact).toEqual([])
    for (const missing of facts.missing) expect(missing).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  test('looks up an entity that the network names by its handle alone', async () => {
    const { facts, paths } = await contactOf((path) =>
      path === 'entity/ABUSE%2F1'
        ? rdap(entity(['abuse'], 'abuse@loop.test'))
        : rdap(network([{ objectClassName: 'entity', handle: 'ABUSE/1', roles: ['abuse'] }])),
    )
    expect(paths.at(-1)).toBe('/registry/entity/ABUSE%2F1')
    expect(facts.people[0]?.emails).toEqual(['abuse@loop.test'])
  })

  test('reads security.txt of the site, labelled, and says when it is out of date', async () => {
    const fresh = await contactOf(
      () => undefined,
      'Contact: mailto:security@shop.test\nExpires: 2099-01-01T00:00:00Z\n',
    )
    expect(fresh.result.diagnosis?.contact).toEqual([
      'mailto:security@shop.test (security.txt of the site, for vulnerabilities)',
    ])
    const old = await contactOf(() => undefined, 'Contact: tel:112\nExpires: 2020-01-01T00:00:00Z\n')
    expect(old.facts.security).toMatchObject({ expired: true, expires: '2020-01-01T00:00:00Z' })
    expect(old.result.diagnosis?.contact?.[0]).toContain('expired on 2020-01-01')
  })

  test('a page in the place of security.txt is none', async () => {
    await using server = await site('Contact: mailto:security@shop.test', 'text/html')
    await using registry = await rdapServer(() => rdap(ABUSE))
    const result = await check(server.url)
    await addContact(result, `${registry.url}rdap/`)
    expect(result.diagnosis?.contactDetails?.security).toBeNull()
    expect(result.diagnosis?.contactDetails?.missing.join()).toContain('publishes no security.txt')
  })

  test('nobody is asked about an address of this machine unless a registry was named', async () => {
    await using server = await site()
    const result = await check(server.url)
    await addContact(result, null)
    expect(result.diagnosis?.contactDetails?.missing[0]).toMatch(/127\.0\.0\.1 is of this machine or network/)
  })

  test('a site that answers nothing is not asked again', async () => {
    await using registry = await rdapServer(() => rdap(ABUSE))
    const result = await check(`http://127.0.0.1:${await refusingPort()}/`)
    await addContact(result, `${registry.url}rdap/`)
    expect(result.diagnosis?.contact?.[0]).toContain('abuse@loop.test')
    expect(result.diagnosis?.contactDetails?.missing.join()).toContain('answers nothing')
  })

  test('through a proxy the address of the site is not known', async () => {
    await using server = await site()
    await using proxy = await httpProxy()
    const url = `http://127.0.0.1:${proxy.port}`
    const options = { proxy: { http: url, https: url, bypass: [] } }
    const result = await check(server.url, options)
    await addContact(result, null, options)
    expect(result.diagnosis?.contactDetails?.missing[0]).toContain('through a proxy')
  })

  test('credentials of the check do not reach the registry', async () => {
    await using server = await site()
    await using registry = await rdapServer(() => rdap(ABUSE))
    const options = { bearer: 'hunter2', fields: [['X-Api-Key', 'hunter2'] as [string, string]] }
    const result = await check(server.url, options)
    await addContact(result, `${registry.url}rdap/`, options)
    expect(result.diagnosis?.contact).toHaveLength(1)
    expect(registry.requests.join()).not.toContain('hunter2')
    expect(server.requests.at(-1)).toContain('security.txt')
    expect(server.requests.at(-1)).not.toContain('hunter2')
  })

  test('does nothing without a diagnosis, and stops when cancelled', async () => {
    await using server = await httpServer(ok())
    await using registry = await rdapServer(() => rdap(ABUSE))
    const up = await check(server.url)
    await addContact(up, `${registry.url}rdap/`)
    expect(up.diagnosis).toBeNull()
    expect(registry.requests).toHaveLength(0)
    await using bad = await site()
    const result = await check(bad.url)
    await addContact(result, `${registry.url}rdap/`, { signal: AbortSignal.abort() })
    expect(registry.requests).toHaveLength(0)
    expect(result.diagnosis?.contact).toEqual([])
  })
})

test('bootstrapUrl() takes http and https, with or without the slash, and nothing else', () => {
  expect(bootstrapUrl(null)).toBe('https://data.iana.org/rdap/')
  expect(bootstrapUrl('http://127.0.0.1:8/rdap')).toBe('http://127.0.0.1:8/rdap/')
  for (const bad of ['', 'rdap', 'file:///etc/', 'javascript:1'])
    expect(() => bootstrapUrl(bad)).toThrow(/bootstrap/)
})

test('whydown check --contact shows whom to write to in text, markdown and html', async () => {
  await using server = await site('Contact: mailto:security@shop.test\n')
  await using registry = await rdapServer(() => rdap(ABUSE))
  for (const format of ['text', 'markdown', 'html']) {
    const args = [server.url, '--no-drill', '--contact', '--rdap-bootstrap', `${registry.url}rdap/`]
    const ended = await whydown([...args, '--format', format])
    expect(ended).toMatchObject({ status: 2, stderr: '' })
    expect(ended.stdout).toContain('Whom to write to')
    expect(ended.stdout).toContain('abuse@loop.test')
    expect(ended.stdout).toContain('security@shop.test')
  }
})
