import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BadRedirect, MAX_LOCATION_CHARS, type NextRequest, nextRequest } from './redirect.ts'

function follow(
  location: string | string[],
  more: { from?: string; method?: string; status?: number } = {},
): NextRequest | BadRedirect {
  return nextRequest({
    url: new URL(more.from ?? 'https://shop.example.test/a/b?c#d'),
    method: more.method ?? 'GET',
    status: more.status ?? 302,
    location: typeof location === 'string' ? [location] : location,
  })
}

function followed(...given: Parameters<typeof follow>): NextRequest {
  const next = follow(...given)
  if ('failure' in next) throw new Error(next.raw)
  return next
}

describe('nextRequest() method', () => {
  it.each<[status: number, method: string, next: string, dropBody: boolean]>([
    [301, 'GET', 'GET', false],
    [301, 'HEAD', 'HEAD', false],
    [301, 'POST', 'GET', true],
    [301, 'PUT', 'PUT', false],
    [302, 'POST', 'GET', true],
    [302, 'DELETE', 'DELETE', false],
    [303, 'GET', 'GET', false],
    [303, 'HEAD', 'HEAD', false],
    [303, 'POST', 'GET', true],
    [303, 'PUT', 'GET', true],
    [307, 'POST', 'POST', false],
    [308, 'POST', 'POST', false],
    [308, 'HEAD', 'HEAD', false],
  ])('%i turns %s into %s', (status, method, next, dropBody) => {
    expect(followed('/x', { status, method })).toMatchObject({ method: next, dropBody })
  })
})

describe('nextRequest() URL', () => {
  it.each<[location: string, url: string]>([
    ['/x', 'https://shop.example.test/x#d'],
    ['x', 'https://shop.example.test/a/x#d'],
    ['../x', 'https://shop.example.test/x#d'],
    ['?q', 'https://shop.example.test/a/b?q#d'],
    ['#e', 'https://shop.example.test/a/b?c#e'],
    ['/x#', 'https://shop.example.test/x#'],
    ['//other.example.test/x', 'https://other.example.test/x#d'],
    ['https://other.example.test', 'https://other.example.test/#d'],
    ['HTTPS://OTHER.example.test/X#f', 'https://other.example.test/X#f'],
    ['https:\\\\other.example.test\\x#f', 'https://other.example.test/x#f'],
    ['/caf\u00c3\u00a9', 'https://shop.example.test/caf%C3%A9#d'],
    ['/caf\u00e9?x=\u00e9', 'https://shop.example.test/caf%E9?x=%E9#d'],
    ['https://b\u00c3\u00bccher.example/', 'https://xn--bcher-kva.example/#d'],
    ['/a b', 'https://shop.example.test/a%20b#d'],
    ['/a%20b', 'https://shop.example.test/a%20b#d'],
    ['https://[::1]:8443/', 'https://[::1]:8443/#d'],
  ])('of %o', (location, url) => {
    expect(followed(location).url.href).toBe(url)
  })
})

describe('nextRequest() credentials', () => {
  it.each<[from: string, location: string, drop: boolean]>([
    ['https://a.example/', '/x', false],
    ['https://a.example/', 'https://a.example:443/', false],
    ['https://a.example/', 'https://A.example/', false],
    ['https://a.example/', 'https://b.example/', true],
    ['https://a.example/', 'https://www.a.example/', true],
    ['https://a.example/', 'https://a.example:8443/', true],
    ['https://a.example/', 'http://a.example/', true],
    ['http://a.example/', 'https://a.example/', true],
  ])('from %s to %s: dropped is %o', (from, location, drop) => {
    expect(followed(location, { from }).dropCredentials).toBe(drop)
  })

  it('are not taken from Location', () => {
    const next = followed('https://user:secret@other.example.test/')
    expect(next.url.href).toBe('https://other.example.test/#d')
    expect(next.notes).toContainEqual(expect.stringMatching(/user name or password; they were dropped/))
    expect(next.notes.join()).not.toContain('secret')
  })
})

describe('nextRequest() notes', () => {
  it('nothing for an ordinary redirect', () => {
    expect(followed('https://shop.example.test/login').notes).toEqual([])
  })

  it.each<[location: string | string[], says: RegExp]>([
    [['/x', '/x'], /sent 2 times, always the same/],
    ['/caf\u00e9', /outside ASCII/],
    ['/a b', /has spaces/],
    ['http://shop.example.test/', /from https down to http/],
    ['www.shop.example.test/x', /has no scheme, so it is a path on shop\.example\.test/],
    ['shop.example.test/x', /has no scheme/],
  ])('on %o', (location, says) => {
    expect(followed(location).notes).toContainEqual(expect.stringMatching(says))
  })
})

describe('nextRequest() refuses', () => {
  it.each<[location: string[], raw: RegExp]>([
    [[], /status 302 redirects but has no Location/],
    [[''], /Location is empty/],
    [['  '], /Location is empty/],
    [['/x', '/y'], /2 Location fields that differ: "\/x", "\/y"/],
    [['ftp://a.example/'], /leads to ftp: and not to http or https/],
    [['javascript:alert(1)'], /leads to javascript:/],
    [['mailto:a@example.com'], /leads to mailto:/],
    [['http://'], /cannot be read as a URL/],
    [['https://a b/'], /cannot be read as a URL/],
    [['https://a.example:70000/'], /cannot be read as a URL/],
    [['https://a.example:0/'], /port 0/],
    [['https://[fe80::1%25eth0]/'], /cannot be read as a URL/],
    [['https://\u0000/'], /cannot be read as a URL/],
    [['/'.padEnd(MAX_LOCATION_CHARS + 1, 'a')], /longer than 65536 bytes/],
  ])('%o', (location, raw) => {
    const next = follow(location)
    expect(next).toMatchObject({ failure: 'redirect_invalid' })
    expect((next as BadRedirect).raw).toMatch(raw)
  })

  it('without quoting credentials or more than a line', () => {
    const next = follow(`https://user:secret@exa mple/${'a'.repeat(1000)}`) as BadRedirect
    expect(next.raw).not.toContain('secret')
    expect(next.raw.length).toBeLessThan(300)
  })
})

describe('nextRequest() of anything', () => {
  it('gives a URL that can be asked, or a sentence', () => {
    const bytes = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    })
    const pieces = fc
      .array(
        fc.constantFrom(
          'http:',
          'https:',
          '/',
          '//',
          '@',
          'a.example',
          '..',
          '?',
          '#',
          ':80',
          '%',
          ' ',
          '\\',
          '\u00e4',
        ),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(bytes, pieces), (location) => {
        const next = follow(location)
        if ('failure' in next) {
          expect(next.raw).toMatch(/^[^\u0000-\u001f]+$/)
          return
        }
        expect(next.url.protocol).toMatch(/^https?:$/)
        expect(next.url.host).not.toBe('')
        expect(`${next.url.username}${next.url.password}`).toBe('')
        expect(next.dropCredentials).toBe(next.url.origin !== 'https://shop.example.test')
      }),
      { numRuns: 5_000 },
    )
  })
})
