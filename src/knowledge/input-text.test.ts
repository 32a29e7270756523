import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { MAX_INPUT_BYTES, textOfInput } from './input-text.ts'

describe('textOfInput()', () => {
  test.each([
    ['UTF-8', Buffer.from('Größe 502'), 'Größe 502'],
    ['UTF-8 with a mark', Buffer.from('\ufeff502'), '502'],
    ['Latin-1', Buffer.from('Größe', 'latin1'), 'Größe'],
    ['UTF-16 with a mark', Buffer.from('\ufeffError 502', 'utf16le'), 'Error 502'],
    ['UTF-16 without one', Buffer.from('Error 502', 'utf16le'), 'Error 502'],
    ['colours of a terminal', Buffer.from('\x1b[31merror\x1b[0m'), '\x1b[31merror\x1b[0m'],
    [
      'a response with a coded body',
      Buffer.from('HTTP/1.1 502 x\r\n\r\n\x1f\x8b\0\x01', 'latin1'),
      'HTTP/1.1 502 x\r\n\r\n\x1f\x8b\0\x01',
    ],
  ])('reads %s', (_, bytes, text) => {
    expect(textOfInput(bytes)).toBe(text)
  })

  test.each([
    ['a zip archive', Buffer.from('PK\x03\x04aaaa', 'latin1'), /zip archive/],
    ['something compressed', gzipSync('502 Bad Gateway'), /gzip/],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), /picture/],
    ['random bytes', Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256)), /binary/],
    ['control characters', Buffer.from('\x01\x02\x03\x04 text', 'latin1'), /binary/],
    ['too much', Buffer.alloc(MAX_INPUT_BYTES + 1, 'a'), /longer than 4 MiB/],
  ])('refuses %s in a sentence', (_, bytes, says) => {
    expect(() => textOfInput(bytes)).toThrow(says)
  })
})
