import { describe, expect, test } from 'vitest'
import { kindOfInput, responseOfTrace } from './input-kind.ts'

const known = new Set(['502', 'socket hang up', '502 Bad Gateway'])
const kind = (text: string) => kindOfInput(text, (code) => known.has(code))

describe('kindOfInput()', () => {
  test.each([
    ['502', 'code'],
    ['  502 Bad Gateway\n', 'code'],
    ['socket hang up', 'code'],
    ['ERR_WHATEVER', 'code'],
    ['0x80999999', 'code'],
    ['error 7777', 'code'],
    ['H77', 'code'],
    ['the page does not load', 'message'],
    ['502\n503', 'message'],
    [`error ${'x'.repeat(200)}`, 'message'],
    ['HTTP/1.1 502 Bad Gateway', 'message'],
    ['HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\n\r\n', 'response'],
    ['HTTP/2 502\nserver: cloudflare\n', 'response'],
    ['* Connected\n> GET / HTTP/1.1\n>\n< HTTP/1.1 502 Bad Gateway\n< Server: nginx\n<\nbody', 'response'],
    ['<!doctype html><title>x</title>', 'page'],
    ['HTTP/1.1 is a protocol\nand so on: yes', 'message'],
  ])('takes %j for a %s', (text, expected) => {
    expect(kind(text)).toBe(expected)
  })
})

describe('responseOfTrace()', () => {
  test('takes the last response, its content without the marks of curl', () => {
    const trace = [
      '* Trying 127.0.0.1:80...',
      '< HTTP/1.1 302 Found',
      '< Location: /x',
      '< ',
      '> GET /x HTTP/1.1',
      '< HTTP/1.1 502 Bad Gateway',
      '< Server: nginx',
      '< ',
      '{ [157 bytes data]',
      '<html><h1>502</h1>',
      '* Connection #0 to host localhost left intact',
    ].join('\n')
    expect(responseOfTrace(trace)).toBe('HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\n\r\n<html><h1>502</h1>')
  })

  test('is null without a response', () => {
    expect(responseOfTrace('* Empty reply from server\ncurl: (52) Empty reply')).toBeNull()
  })
})
