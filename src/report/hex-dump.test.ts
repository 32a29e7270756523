import { expect, test } from 'vitest'
import { bytesPerLine, hexDump } from './hex-dump.ts'

test('hexDump() shows offset, hex and ASCII, and marks the bytes at fault', () => {
  const dump = hexDump(Buffer.from('HTTP/1.1 2x0 OK\r\n'), 32, 16, { from: 42, length: 2 })
  expect(dump.lines).toEqual([
    '00000020  48 54 54 50 2f 31 2e 31 20 32 78 30 20 4f 4b 0d  HTTP/1.1 2x0 OK.',
    '00000030  0a                                               .',
  ])
  expect(dump.marks).toEqual([`${' '.repeat(10 + 30)}^^ ^^`, null])
})

test('hexDump() marks nothing outside its bytes', () => {
  expect(hexDump(Buffer.from('ab'), 0, 4, { from: 9, length: 1 }).marks).toEqual([null])
  expect(hexDump(Buffer.alloc(0), 0, 16).lines).toEqual([])
})

test('bytesPerLine() keeps a line within the width', () => {
  for (const width of [27, 40, 43, 60, 75, 80, 200]) {
    const dump = hexDump(Buffer.alloc(32, 0x41), 0, bytesPerLine(width))
    for (const line of dump.lines) expect(line.length).toBeLessThanOrEqual(width)
  }
})
