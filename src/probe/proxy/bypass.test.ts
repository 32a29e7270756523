import { describe, expect, test } from 'vitest'
import { bypassesProxy } from './bypass.ts'

describe('bypassesProxy()', () => {
  test.each([
    ['http://example.test/', '*', true],
    ['http://example.test/', 'example.test', true],
    ['http://www.example.test/', 'example.test', true],
    ['http://www.example.test/', '.example.test', true],
    ['http://example.test/', '.example.test', true],
    ['http://www.example.test/', '*.example.test', true],
    ['http://notexample.test/', 'example.test', false],
    ['http://example.test.evil.test/', 'example.test', false],
    ['http://EXAMPLE.test/', 'Example.TEST', true],
    ['http://example.test./', 'example.test', true],
    ['http://example.test/', 'example.test.', true],
    ['http://example.test:8080/', 'example.test:8080', true],
    ['http://example.test/', 'example.test:8080', false],
    ['http://example.test/', 'example.test:80', true],
    ['https://example.test/', 'example.test:443', true],
    ['http://127.0.0.1/', '127.0.0.1', true],
    ['http://127.0.0.1/', '127.0.0.0/8', true],
    ['http://10.0.0.1/', '127.0.0.0/8', false],
    ['http://10.0.0.1:81/', '10.0.0.0/8:81', true],
    ['http://10.0.0.1/', '0.0.0.0/0', true],
    ['http://10.0.0.1/', '10.0.0.0/33', false],
    ['http://10.0.0.1/', '0.0.1', false],
    ['http://127.1/', '127.0.0.1', true],
    ['http://[::1]/', '::1', true],
    ['http://[::1]/', '[::1]', true],
    ['http://[::1]:8080/', '[::1]:8080', true],
    ['http://[::1]/', '[::1]:8080', false],
    ['http://[2001:db8::1]/', '2001:db8::/32', true],
    ['http://[2001:db8::1]/', '[2001:db8::]/32', true],
    ['http://[2001:DB8:0::1]/', '2001:db8::1', true],
    ['http://localhost/', '127.0.0.1', false],
    ['http://localhost/', '', false],
    ['http://localhost/', '.', false],
    ['http://localhost/', ':80', false],
    ['http://localhost/', '[', false],
  ])('%s with %s: %s', (url, entry, expected) => {
    expect(bypassesProxy(new URL(url), [entry])).toBe(expected)
  })

  test('one entry of many is enough, and none is none', () => {
    expect(bypassesProxy(new URL('http://b.test/'), ['a.test', 'b.test'])).toBe(true)
    expect(bypassesProxy(new URL('http://b.test/'), [])).toBe(false)
  })
})
