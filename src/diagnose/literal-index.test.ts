import { describe, expect, it } from 'vitest'
import { LiteralIndex } from './literal-index.ts'

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

describe('LiteralIndex', () => {
  const literals = ['Guru Meditation', 'Bad Gateway', 'gateway', 'Apache/', '<center>nginx', 'nginx']

  it('find() gives the first place of each literal, whatever its case', () => {
    const index = new LiteralIndex(literals)
    const text = bytes('<h1>BAD GATEWAY</h1><hr><center>nginx/1.2</center> bad gateway')
    const found = index.find(text)
    expect(found[index.idOf('bad gateway')]).toBe(4)
    expect(found[index.idOf('gateway')]).toBe(8)
    expect(found[index.idOf('<center>nginx')]).toBe(24)
    expect(found[index.idOf('nginx')]).toBe(32)
    expect(found[index.idOf('Guru Meditation')]).toBe(-1)
  })

  it('find() agrees with indexOf on pseudo-random text over the literals own alphabet', () => {
    const index = new LiteralIndex(literals)
    let seed = 7
    const alphabet = 'nginxBad Gateway<center>Apache/'
    for (let round = 0; round < 400; round++) {
      let text = ''
      for (let at = 0; at < 80; at++) {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff
        text +=
          seed % 7 === 0
            ? (literals[seed % literals.length] as string)
            : (alphabet[seed % alphabet.length] as string)
      }
      const found = index.find(bytes(text))
      for (const literal of literals) {
        expect(found[index.idOf(literal)]).toBe(text.toLowerCase().indexOf(literal.toLowerCase()))
      }
    }
  })

  it('find() reads nothing outside its range', () => {
    const index = new LiteralIndex(literals)
    const text = bytes('nginx....nginx')
    expect(index.find(text, 1, 13)[index.idOf('nginx')]).toBe(-1)
    expect(index.find(text, 1)[index.idOf('nginx')]).toBe(9)
    expect(index.find(bytes('ngi'))[index.idOf('nginx')]).toBe(-1)
  })

  it('constructor refuses a literal that is too short', () => {
    expect(() => new LiteralIndex(['abc'])).toThrow(RangeError)
  })
})
