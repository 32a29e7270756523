import { describe, expect, it } from 'vitest'
import { CookieJar } from './cookies.ts'

function after(from: string, lines: string[], to: string): string | null {
  const jar = new CookieJar()
  jar.store(
    new URL(from),
    lines.map((line) => ['Set-Cookie', line]),
  )
  return jar.fieldFor(new URL(to))
}

describe('CookieJar', () => {
  const rows: { name: string; lines: string[]; from?: string; to: string; field: string | null }[] = [
    { name: 'gives a cookie back to its host', lines: ['a=1'], to: 'http://shop.test/', field: 'a=1' },
    { name: 'keeps it from another host', lines: ['a=1'], to: 'http://other.test/', field: null },
    { name: 'keeps a host-only one from subdomains', lines: ['a=1'], to: 'http://x.shop.test/', field: null },
    {
      name: 'gives a domain one to subdomains',
      lines: ['a=1; Domain=.shop.test'],
      to: 'http://x.shop.test/',
      field: 'a=1',
    },
    {
      name: 'refuses a foreign domain',
      lines: ['a=1; Domain=bank.test'],
      to: 'http://bank.test/',
      field: null,
    },
    {
      name: 'does not widen to a top-level label',
      lines: ['a=1; Domain=test'],
      to: 'http://evil.test/',
      field: null,
    },
    { name: 'keeps a secure one from http', lines: ['a=1; Secure'], to: 'http://shop.test/', field: null },
    { name: 'follows the path', lines: ['a=1; Path=/in'], to: 'http://shop.test/in/side', field: 'a=1' },
    {
      name: 'does not take a path prefix for a path',
      lines: ['a=1; Path=/in'],
      to: 'http://shop.test/inside',
      field: null,
    },
    { name: 'replaces by name', lines: ['a=1', 'a=2'], to: 'http://shop.test/', field: 'a=2' },
    { name: 'deletes by Max-Age', lines: ['a=1', 'a=2; Max-Age=0'], to: 'http://shop.test/', field: null },
    {
      name: 'puts longer paths first',
      lines: ['a=1; Path=/', 'b=2; Path=/x'],
      to: 'http://shop.test/x',
      field: 'b=2; a=1',
    },
    { name: 'drops what has no name', lines: ['=1', 'nothing'], to: 'http://shop.test/', field: null },
    {
      name: 'drops what is too long',
      lines: [`a=${'x'.repeat(5000)}`],
      to: 'http://shop.test/',
      field: null,
    },
  ]
  for (const row of rows) {
    it(row.name, () => {
      expect(after(row.from ?? 'http://shop.test/', row.lines, row.to)).toBe(row.field)
    })
  }

  it('bounds how many it keeps', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `c${index}=1`)
    expect(after('http://shop.test/', lines, 'http://shop.test/')?.split('; ')).toHaveLength(50)
  })
})
