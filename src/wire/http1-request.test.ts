// formatRequest(): the bytes of a request, and what it refuses to put into them.
import { describe, expect, test } from 'vitest'
import { WhydownError } from '../model/error.ts'
import type { FieldLine } from '../model/result.ts'
import { formatRequest } from './http1-request.ts'

const PARTS = {
  method: 'GET',
  target: '/',
  fields: [['Host', 'shop.example.test']] as FieldLine[],
  body: null,
}

describe('formatRequest()', () => {
  test('writes request line, fields in order with their case, and an empty line', () => {
    const bytes = formatRequest({
      method: 'GET',
      target: '/a?b=%20',
      fields: [
        ['Host', 'shop.example.test'],
        ['x-B', ''],
        ['X-b', 'two  words\there'],
      ],
      body: null,
    })
    expect(Buffer.from(bytes).toString('latin1')).toBe(
      'GET /a?b=%20 HTTP/1.1\r\nHost: shop.example.test\r\nx-B: \r\nX-b: two  words\there\r\n\r\n',
    )
  })

  test('puts the body behind, byte for byte', () => {
    const body = Uint8Array.from([0, 255, 13, 10])
    const bytes = formatRequest({ ...PARTS, method: 'POST', fields: [['Content-Length', '4']], body })
    expect(Buffer.from(bytes).toString('latin1')).toBe(
      'POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n\0\xff\r\n',
    )
  })

  test('writes values as Latin-1', () => {
    const bytes = formatRequest({ ...PARTS, fields: [['X', 'caf\xe9']] })
    expect(Buffer.from(bytes).toString('latin1')).toContain('X: caf\xe9\r\n')
  })

  test('takes every form of target', () => {
    for (const target of ['*', 'http://a.test/', 'a.test:443', '/[x]|{y}"']) {
      expect(Buffer.from(formatRequest({ ...PARTS, target })).toString()).toContain(` ${target} `)
    }
  })

  const refused: { name: string; parts: Partial<typeof PARTS>; says: string }[] = [
    { name: 'an empty method', parts: { method: '' }, says: 'The method ""' },
    { name: 'a method with a space', parts: { method: 'GET /x' }, says: 'The method "GET /x"' },
    { name: 'a method with a line break', parts: { method: 'GET\r\n' }, says: 'The method' },
    { name: 'a method beyond ASCII', parts: { method: 'G\u0126T' }, says: 'The method' },
    { name: 'an empty target', parts: { target: '' }, says: 'The request target ""' },
    { name: 'a target with a space', parts: { target: '/a b' }, says: 'The request target "/a b"' },
    { name: 'a target with a line break', parts: { target: '/a\r\nX: y' }, says: 'The request target' },
    { name: 'a target beyond ASCII', parts: { target: '/\xe9' }, says: 'The request target' },
    { name: 'an empty name', parts: { fields: [['', 'x']] }, says: 'The field name ""' },
    { name: 'a name with a colon', parts: { fields: [['A:', 'x']] }, says: 'The field name "A:"' },
    { name: 'a name with a line break', parts: { fields: [['A\r\nB', 'x']] }, says: 'The field name' },
    { name: 'a name with NUL', parts: { fields: [['A\0', 'x']] }, says: 'The field name' },
    { name: 'a value with CR', parts: { fields: [['A', 'x\ry']] }, says: 'a line break' },
    { name: 'a value with LF', parts: { fields: [['A', 'x\nB: y']] }, says: 'a line break' },
    { name: 'a value with NUL', parts: { fields: [['A', 'x\0']] }, says: 'a control character' },
    { name: 'a value with DEL', parts: { fields: [['A', '\x7f']] }, says: 'a control character' },
    {
      name: 'a value beyond Latin-1',
      parts: { fields: [['A', '\u20ac']] },
      says: 'does not fit in one byte',
    },
    {
      name: 'a value that would become a line break in Latin-1',
      parts: { fields: [['A', '\u010a']] },
      says: 'does not fit',
    },
  ]
  for (const { name, parts, says } of refused) {
    test(`refuses ${name}`, () => {
      const call = () => formatRequest({ ...PARTS, ...parts })
      expect(call).toThrow(WhydownError)
      expect(call).toThrow(says)
      try {
        call()
      } catch (error) {
        expect(error).toMatchObject({ kind: 'usage', hint: expect.stringMatching(/\.$/) })
        expect((error as Error).message).not.toMatch(/[\r\n\0]/)
      }
    })
  }
})
