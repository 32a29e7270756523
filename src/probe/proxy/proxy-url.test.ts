import { describe, expect, test } from 'vitest'
import { WhydownError } from '../../model/error.ts'
import { parseProxyUrl } from './proxy-url.ts'

describe('parseProxyUrl()', () => {
  test.each([
    ['http://proxy.test:3128', 'http', 'proxy.test', 3128],
    ['HTTP://Proxy.Test:80/', 'http', 'proxy.test', 80],
    ['proxy.test:3128', 'http', 'proxy.test', 3128],
    ['proxy.test', 'http', 'proxy.test', 1080],
    ['  http://127.0.0.1:8080  ', 'http', '127.0.0.1', 8080],
    ['http://[::1]:8080', 'http', '::1', 8080],
    ['[2001:DB8::1]', 'http', '2001:db8::1', 1080],
    ['https://proxy.test', 'https', 'proxy.test', 443],
    ['https://proxy.test:8443', 'https', 'proxy.test', 8443],
    ['socks5://proxy.test', 'socks5', 'proxy.test', 1080],
    ['socks5h://proxy.test:9050', 'socks5', 'proxy.test', 9050],
    ['http://bücher.test:1', 'http', 'xn--bcher-kva.test', 1],
  ])('%s', (text, kind, host, port) => {
    expect(parseProxyUrl(text)).toMatchObject({ kind, host, port, credentials: null })
  })

  test('tells who resolves the name', () => {
    expect(parseProxyUrl('socks5://p').resolvesNames).toBe(false)
    expect(parseProxyUrl('socks5h://p').resolvesNames).toBe(true)
    expect(parseProxyUrl('http://p').resolvesNames).toBe(true)
  })

  test.each([
    ['http://u:p@h:1', 'u', 'p'],
    ['u:p@h:1', 'u', 'p'],
    ['http://u@h:1', 'u', ''],
    ['http://u%40corp:p%3A%2F%20%25@h:1', 'u@corp', 'p:/ %'],
    ['http://u:p@ss@h:1', 'u', 'p@ss'],
    ['http://u:a:b@h:1', 'u', 'a:b'],
    ['http://%C3%BC:x@h:1', 'ü', 'x'],
  ])('decodes the credentials of %s and does not show them', (text, user, password) => {
    const proxy = parseProxyUrl(text)
    expect(proxy.credentials).toEqual({ user, password })
    expect(proxy.shown).toBe('http://h:1')
  })

  test('shows IPv6 in brackets', () => {
    expect(parseProxyUrl('socks5h://u:p@[::1]').shown).toBe('socks5h://[::1]:1080')
  })

  test.each([
    ['', 'no host'],
    ['http://', 'no host'],
    ['http://:3128', 'no host'],
    ['http://[::1', 'no host'],
    ['http://a b:1', 'no host'],
    ['http://a:b:1', 'no host'],
    ['http://h:0', 'port 0'],
    ['http://h:70000', 'port 70000'],
    ['http://h:http', 'no host'],
    ['ftp://h:1', 'scheme "ftp"'],
    ['socks4://h:1', 'socks4 proxy'],
    ['socks4a://h:1', 'socks4a proxy'],
    ['socks://h:1', 'socks proxy'],
    ['http://h:1/proxy.pac', 'has a path'],
    ['http://h:1?x', 'has a path'],
    ['http://u%zz:p@h:1', '% escape'],
    ['http://u%3Av:p@h:1', 'colon'],
    ['socks5://u@h:1', '1 to 255 bytes'],
    [`socks5://u:${'x'.repeat(256)}@h:1`, '1 to 255 bytes'],
  ])('refuses %s: %s', (text, says) => {
    const parse = () => parseProxyUrl(text, '--proxy')
    expect(parse).toThrow(WhydownError)
    expect(parse).toThrow(says)
    expect(parse).toThrow(/^--proxy: /)
  })

  test.each([
    'ftp://bob:s3cret@h',
    'http://bob:s3cret@h:0',
    'http:/bob:s3cret@h',
    'socks5://bob:s3cret@@',
    'bob:s3cret/x@h:1',
  ])('keeps the password of %s out of its sentence', (text) => {
    let message = ''
    try {
      parseProxyUrl(text)
    } catch (error) {
      message = (error as Error).message
    }
    expect(message).toContain('***@')
    expect(message).not.toContain('s3cret')
  })
})
