import { expect, test } from 'vitest'
import { withoutUntrueFraming } from './pasted-response.ts'

test.each([
  [
    'chunked, content taken apart',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n<html>',
    'HTTP/1.1 200 OK\r\nA: b\r\n\r\n<html>',
  ],
  ['chunked indeed', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', null],
  [
    'line ends changed',
    'HTTP/1.1 200 OK\nContent-Length: 9\nA: b\n\na\nb\n',
    'HTTP/1.1 200 OK\nA: b\n\na\nb\n',
  ],
  ['a true length', 'HTTP/1.1 200 OK\nContent-Length: 4\n\na\nb\n', null],
  ['cut off on the wire', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort', null],
  ['no head', 'HTTP/1.1 200 OK\r\nContent-Length: 9', null],
])('withoutUntrueFraming() of %s', (_, text, expected) => {
  expect(withoutUntrueFraming(text)).toBe(expected ?? text)
})
