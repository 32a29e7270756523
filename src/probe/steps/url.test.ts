import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_TARGET_CHARS, type ParsedTarget, parseTarget } from './url.ts'

function understood(text: string): ParsedTarget {
  const parsed = parseTarget(text)
  expect(parsed.failure, `${text}: ${parsed.failure?.raw}`).toBeNull()
  return parsed as ParsedTarget
}

function hrefs(text: string): string[] {
  return understood(text).urls.map((url) => (url as URL).href)
}

describe('parseTarget() understands', () => {
  it.each<[text: string, ...urls: string[]]>([
    ['http://example.com/', 'http://example.com/'],
    ['https://example.com', 'https://example.com/'],
    ['HTTPS://Example.COM/Path', 'https://example.com/Path'],
    ['http://example.com:8080/a?b=c@d#e', 'http://example.com:8080/a?b=c@d#e'],
    ['http://example.com:65535/', 'http://example.com:65535/'],
    ['example.com', 'https://example.com/', 'http://example.com/'],
    ['//example.com/x', 'https://example.com/x', 'http://example.com/x'],
    ['example.com/path?q', 'https://example.com/path?q', 'http://example.com/path?q'],
    ['localhost', 'https://localhost/', 'http://localhost/'],
    ['localhost:3000', 'https://localhost:3000/', 'http://localhost:3000/'],
    ['localhost:3000/health', 'https://localhost:3000/health', 'http://localhost:3000/health'],
    ['http:8080', 'https://http:8080/', 'http://http:8080/'],
    ['192.0.2.1', 'https://192.0.2.1/', 'http://192.0.2.1/'],
    ['192.0.2.1:8080/x', 'https://192.0.2.1:8080/x', 'http://192.0.2.1:8080/x'],
    ['example.com:80', 'http://example.com/'],
    ['example.com:443/x', 'https://example.com/x'],
    ['::1', 'https://[::1]/', 'http://[::1]/'],
    ['2001:db8::1/path', 'https://[2001:db8::1]/path', 'http://[2001:db8::1]/path'],
    ['[::1]', 'https://[::1]/', 'http://[::1]/'],
    ['[::1]:8080', 'https://[::1]:8080/', 'http://[::1]:8080/'],
    ['http://[2001:DB8:0::1]/', 'http://[2001:db8::1]/'],
    ['http://[::ffff:192.0.2.1]/', 'http://[::ffff:c000:201]/'],
    ['http://bücher.example/ä', 'http://xn--bcher-kva.example/%C3%A4'],
    ['faß.example', 'https://xn--fa-hia.example/', 'http://xn--fa-hia.example/'],
    ['http://xn--bcher-kva.example/', 'http://xn--bcher-kva.example/'],
    ['http://例え.テスト/', 'http://xn--r8jz45g.xn--zckzah/'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['http://2130706433/', 'http://127.0.0.1/'],
    ['http://foo_bar.example/', 'http://foo_bar.example/'],
    ['http://example.com./', 'http://example.com./'],
    ['http://example.com/a b', 'http://example.com/a%20b'],
    ['  http://example.com/\n', 'http://example.com/'],
    ['http://https/', 'http://https/'],
    ['http://http.example/', 'http://http.example/'],
    ['httpbin.org/get', 'https://httpbin.org/get', 'http://httpbin.org/get'],
    ['http.cat', 'https://http.cat/', 'http://http.cat/'],
    ['ftp.example.com', 'https://ftp.example.com/', 'http://ftp.example.com/'],
    ['htp.example', 'https://htp.example/', 'http://htp.example/'],
    ['http://example.com/http://other.example/', 'http://example.com/http://other.example/'],
    ['https://web.example/?next=a@b', 'https://web.example/?next=a@b'],
  ])('%o', (text, ...urls) => {
    expect(hrefs(text)).toEqual(urls)
  })

  it('the common form without a note, as it was typed', () => {
    expect(parseTarget('https://shop.example.test:8443/a?b')).toMatchObject({
      shown: 'https://shop.example.test:8443/a?b',
      notes: [],
      basic: null,
    })
  })

  it.each<[text: string, says: RegExp]>([
    ['http://bücher.example/', /"bücher\.example" is asked for as xn--bcher-kva\.example/],
    ['http://0x7f.1/', /"0x7f\.1" is the IPv4 address 127\.0\.0\.1/],
    ['http://010.0.0.1/', /is the IPv4 address 8\.0\.0\.1/],
    ['http://1.2.3/', /"1\.2\.3" is the IPv4 address 1\.2\.0\.3/],
    ['::1', /::1 was taken as an IPv6 address as a whole/],
    ['http://[0:0::1]/', /is the IPv6 address \[::1\]/],
    [' example.com', /White space around/],
    ['example.com:80', /Port 80 was given, so it is http/],
    ['http://example.com/a b', /spaces in the URL are sent as %20/],
    ['http://%65xample.com/', /was read as example\.com/],
  ])('and notes what it made of %o', (text, says) => {
    expect(understood(text).notes).toContainEqual(expect.stringMatching(says))
  })
})

describe('parseTarget() turns user info into Basic credentials', () => {
  it.each<[text: string, user: string, password: string, shown: string]>([
    ['http://user:secret@example.com/x', 'user', 'secret', 'http://example.com/x'],
    ['https://user@example.com/', 'user', '', 'https://example.com/'],
    ['https://:secret@example.com/', '', 'secret', 'https://example.com/'],
    ['https://us%40er:p%2Fw%C3%BC@example.com/', 'us@er', 'p/wü', 'https://example.com/'],
    ['https://user:100%25%zz@example.com/', 'user', '100%25%zz', 'https://example.com/'],
    ['http://a@b:secret@example.com/', 'a@b', 'secret', 'http://example.com/'],
    ['user:secret@example.com', 'user', 'secret', 'example.com'],
    ['http://user:secret@[::1]:8080/', 'user', 'secret', 'http://[::1]:8080/'],
  ])('of %o', (text, user, password, shown) => {
    const parsed = understood(text)
    expect(parsed.basic).toEqual({ user, password })
    expect(parsed.shown).toBe(shown)
    for (const url of parsed.urls) expect((url as URL).href).not.toContain('@')
    expect(JSON.stringify(parsed.notes)).not.toContain('secret')
  })

  it('and tries no plain http for a bare name with them', () => {
    expect(hrefs('user:secret@example.com')).toEqual(['https://example.com/'])
  })
})

describe('parseTarget() refuses, and says what would work', () => {
  it.each<[text: string, says: RegExp]>([
    ['', /No URL was given; something like https:\/\/example\.com\/ works/],
    [' \t ', /No URL was given/],
    ['http://', /names no host/],
    ['https:', /names no host/],
    ['http:///', /names no host/],
    ['http://:80/', /names no host/],
    ['http://?x', /names no host/],
    ['http://user@/', /names no host/],
    ['?q=1', /names no host/],
    ['http://./', /names no host/],
    ['http://exa mple.com/', /contains a space/],
    ['example.com is down', /contains a space/],
    ['http://example.com:0/', /Port 0 cannot be connected to/],
    ['http://example.com:00/', /Port 0 cannot/],
    ['example.com:0', /Port 0 cannot/],
    ['http://example.com:70000/', /no port 70000; ports go from 1 to 65535/],
    ['example.com:70000', /no port 70000/],
    ['http://example.com:http/', /"http" is not a port number/],
    ['example.com:abc', /"abc" is not a port number/],
    ['http://example.com:-1/', /"-1" is not a port number/],
    ['ftp://example.com/file', /"ftp:" is not checked.*https:\/\/example\.com\//],
    ['ws://example.com/', /write http:\/\/ instead/],
    ['wss://example.com/', /write https:\/\/ instead/],
    ['file:///etc/passwd', /a file is no web site/],
    ['javascript:alert(1)', /a script has no server/],
    ['data:text/html,x', /no server is asked/],
    ['mailto:a@example.com', /give the web site/],
    ['about:blank', /browser alone/],
    ['unix:///run/x.sock', /Unix socket/],
    ['foo://example.com/', /"foo:" is not checked.*https:\/\/example\.com\//],
    ['a@example.com', /e-mail address.*https:\/\/example\.com\//],
    ['C:\\Users\\me\\page.html', /a path and names no host/],
    ['c:/page.html', /a path and names no host/],
    ['\\\\server\\share', /a path and names no host/],
    ['/index.html', /a path and names no host/],
    ['./index.html', /a path and names no host/],
    ['htp://example.com', /"htp" is not a scheme; did you mean http:\/\/example\.com \?/],
    ['htps://example.com', /did you mean https:\/\/example\.com \?/],
    ['httpss://example.com/x', /did you mean https:\/\/example\.com\/x \?/],
    ['hhtp://example.com', /did you mean http:\/\/example\.com \?/],
    ['htttp://example.com', /did you mean http:\/\/example\.com \?/],
    ['httsp://example.com', /did you mean https:\/\/example\.com \?/],
    ['ttps://example.com', /did you mean https:\/\/example\.com \?/],
    ['ttp://example.com', /did you mean http:\/\/example\.com \?/],
    ['hxxps://example.com', /did you mean https:\/\/example\.com \?/],
    ['htp//example.com', /did you mean http:\/\/example\.com \?/],
    ['http:/example.com', /exactly ":\/\/"; did you mean http:\/\/example\.com \?/],
    ['http:example.com', /did you mean http:\/\/example\.com \?/],
    ['http//example.com', /did you mean http:\/\/example\.com \?/],
    ['https;//example.com', /did you mean https:\/\/example\.com \?/],
    ['https.//example.com', /did you mean https:\/\/example\.com \?/],
    ['http ://example.com', /did you mean http:\/\/example\.com \?/],
    ['http:///example.com', /did you mean http:\/\/example\.com \?/],
    ['http:\\\\example.com\\a', /did you mean http:\/\/example\.com\\a \?/],
    ['http://http://example.com', /twice; did you mean http:\/\/example\.com \?/],
    ['https://https//example.com', /twice; did you mean https:\/\/example\.com \?/],
    ['http://https:example.com', /twice; did you mean https:\/\/example\.com \?/],
    ['<https://example.com>', /around it; did you mean https:\/\/example\.com \?/],
    ['"https://example.com"', /around it; did you mean https:\/\/example\.com \?/],
    ['http://exam\tple.com/', /a tab \(0x09\) at position 12/],
    ['http://example.com/a\r\nb', /a line break \(0x0d\) at position 21/],
    ['http://example.com/\u0000', /a control character \(0x00\)/],
    ['http://fe80::1/', /stands in brackets: \[fe80::1\]/],
    ['http://[fe80::1%25eth0]/', /with a zone/],
    ['http://[fe80::1%eth0]:80/', /with a zone/],
    ['fe80::1%eth0', /with a zone/],
    ['http://[::1', /not an IPv6 address/],
    ['http://[12345::1]/', /"\[12345::1\]" is not an IPv6 address/],
    ['http://256.1.1.1/', /not an IPv4 address/],
    ['http://1.2.3.4.5/', /not an IPv4 address/],
    ['http://a<b/', /contains "<"/],
    ['http://a%zz/', /contains "%"/],
    ['http://*.example.com/', /is a pattern/],
    ['http://a..b/', /two dots in a row/],
    ['http://.example.com/', /two dots in a row or begins with one/],
    [`http://${'a'.repeat(64)}.example/`, /more than 63 characters between its dots/],
    [`http://${'a.'.repeat(150)}example/`, /longer than 253 characters/],
    ['http://fa\ufffdss.example/', /international domain name/],
    [`http://example.com/${'a'.repeat(MAX_TARGET_CHARS)}`, /longer than 8192 characters/],
  ])('%o', (text, says) => {
    const parsed = parseTarget(text)
    expect(parsed.failure).toMatchObject({ code: 'bad_url', phase: 'url', number: '004' })
    expect(parsed.failure?.raw).toMatch(says)
  })

  it.each([
    'http://user:secret@exa mple.com/',
    'http://user:secret@example.com:70000/',
    'http://user:sec/secret@example.com/',
    'http://user:secret#1@example.com/',
    'ftp://user:secret@example.com/',
    'htp://user:secret@example.com/',
    'http//user:secret@example.com/',
    'http:/user:secret@example.com/x',
    'http://http://user:secret@example.com/',
    'http:///user:p/secret@example.com/',
    '<http://user:secret@example.com/>',
    'user:secret@exa mple.com',
    'http://user:sec\tsecret@example.com/',
    'c:/user:secret@example.com',
    'unix://user:secret@example.com',
    `http://user:secret@example.com/${'a'.repeat(MAX_TARGET_CHARS)}`,
  ])('and never shows the password of %o', (text) => {
    const parsed = parseTarget(text)
    expect(parsed.failure?.code).toBe('bad_url')
    expect(JSON.stringify(parsed)).not.toContain('secret')
  })
})

describe('parseTarget() of anything', () => {
  const pieces = fc
    .array(
      fc.constantFrom(
        'http',
        'https',
        ':',
        '/',
        '//',
        '@',
        '[',
        ']',
        '::1',
        'a.example',
        '.',
        '%',
        ' ',
        '?',
        '#',
        '8080',
        '\\',
        'ü',
        'ftp',
      ),
      { maxLength: 10 },
    )
    .map((parts) => parts.join(''))

  it('gives URLs that can be asked, or a sentence', () => {
    fc.assert(
      fc.property(fc.oneof(pieces, fc.string(), fc.string({ unit: 'binary' }), fc.webUrl()), (text) => {
        const parsed = parseTarget(text)
        if (parsed.failure) {
          expect(parsed.failure.raw).toMatch(/^[^\u0000-\u001f\u007f-\u009f]+$/)
          return
        }
        for (const url of parsed.urls) {
          expect(url?.protocol).toMatch(/^https?:$/)
          expect(url?.hostname).not.toBe('')
          expect(url?.port).not.toBe('0')
          expect(`${url?.username}${url?.password}`).toBe('')
        }
      }),
      { numRuns: 5_000 },
    )
  })

  it('never shows a password in the place of one', () => {
    const around = fc.tuple(
      fc.constantFrom('http://', 'https://', 'http:/', 'htp://', 'http//', '', '//', 'ftp://', '<http://'),
      pieces,
    )
    fc.assert(
      fc.property(around, ([scheme, host]) => {
        const parsed = parseTarget(`${scheme}user:hunter2@${host.replaceAll('@', '')}`)
        const basic = 'basic' in parsed && parsed.basic ? { ...parsed, basic: null } : parsed
        expect(JSON.stringify(basic)).not.toContain('hunter2')
      }),
      { numRuns: 5_000 },
    )
  })
})
