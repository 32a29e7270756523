import { describe, expect, it } from 'vitest'
import type { FieldLine } from '../model/result.ts'
import { contentType, decodeText, parseContentType } from './content-type.ts'

describe('parseContentType()', () => {
  it.each<[value: string, type: string, charset: string | null]>([
    ['text/html', 'text/html', null],
    ['Text/HTML; charset=UTF-8', 'text/html', 'UTF-8'],
    ['text/html;charset="utf-8"', 'text/html', 'utf-8'],
    ['text/html;charset="a\\"b"', 'text/html', 'a"b'],
    ['text/html; a="; charset=x"; charset=y', 'text/html', 'y'],
    ["text/html; charset='utf-8'", 'text/html', 'utf-8'],
    ['text/html; charset = utf-8 ; x=y', 'text/html', 'utf-8'],
    ['text/html; charset', 'text/html', null],
    ['text/html; charset=', 'text/html', null],
    ['text/html; charset=a; charset=b', 'text/html', 'a'],
    ['text/html; charset="unclosed', 'text/html', 'unclosed'],
    ['text/html;;;', 'text/html', null],
    ['html', '', null],
    ['/html', '', null],
    ['text/', '', null],
    ['text/html, text/plain', '', null],
    ['; charset=x', '', 'x'],
    ['', '', null],
  ])('%o', (value, type, charset) => {
    expect(parseContentType(value)).toEqual({ type, charset })
  })
})

describe('contentType()', () => {
  it('takes the last of several fields, and nothing from none', () => {
    expect(contentType([])).toEqual({ type: '', charset: null })
    expect(
      contentType([
        ['content-type', 'text/plain'],
        ['Content-Type', 'text/html'],
      ]).type,
    ).toBe('text/html')
  })
})

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

interface Sample {
  name: string
  bytes: Uint8Array
  type?: string
  text: string
  charset: string
  fallback?: boolean
  notes?: RegExp
}

const SAMPLES: Sample[] = [
  { name: 'nothing said, ASCII', bytes: utf8('plain'), text: 'plain', charset: 'utf-8' },
  { name: 'nothing said, UTF-8', bytes: utf8('schön'), text: 'schön', charset: 'utf-8' },
  {
    name: 'nothing said, Latin-1',
    bytes: latin1('schön'),
    text: 'schön',
    charset: 'windows-1252',
    fallback: true,
    notes: /no usable charset/,
  },
  { name: 'empty', bytes: new Uint8Array(0), text: '', charset: 'utf-8' },
  {
    name: 'Content-Type wins',
    bytes: latin1('schön'),
    type: 'text/html; charset=iso-8859-1',
    text: 'schön',
    charset: 'windows-1252',
  },
  {
    name: 'byte order mark beats Content-Type',
    bytes: utf8('\ufeffschön'),
    type: 'text/html; charset=iso-8859-1',
    text: 'schön',
    charset: 'utf-8',
  },
  {
    name: 'UTF-16LE mark',
    bytes: new Uint8Array(Buffer.from('\ufeffschön', 'utf16le')),
    text: 'schön',
    charset: 'utf-16le',
  },
  { name: 'UTF-16BE mark', bytes: Uint8Array.of(0xfe, 0xff, 0, 0x61), text: 'a', charset: 'utf-16be' },
  {
    name: 'Shift_JIS',
    bytes: Uint8Array.of(0x93, 0xfa, 0x96, 0x7b),
    type: 'text/html; charset=Shift_JIS',
    text: '日本',
    charset: 'shift_jis',
  },
  {
    name: 'GBK',
    bytes: Uint8Array.of(0xc4, 0xe3),
    type: 'text/html; charset=gb2312',
    text: '你',
    charset: 'gbk',
  },
  {
    name: 'unknown charset, UTF-8 content',
    bytes: utf8('schön'),
    type: 'text/html; charset=nonsense',
    text: 'schön',
    charset: 'utf-8',
    fallback: true,
    notes: /charset "nonsense" of Content-Type is unknown/,
  },
  {
    name: 'unknown charset, other content',
    bytes: latin1('schön'),
    type: 'text/html; charset=utf-7',
    text: 'schön',
    charset: 'windows-1252',
    fallback: true,
    notes: /charset "utf-7" of Content-Type is unknown/,
  },
  {
    name: '<meta charset>',
    bytes: latin1('<html><meta charset="iso-8859-15"><p>10 \xa4'),
    type: 'text/html',
    text: '<html><meta charset="iso-8859-15"><p>10 €',
    charset: 'iso-8859-15',
  },
  {
    name: '<meta http-equiv>',
    bytes: latin1('<META http-equiv=Content-Type content="text/html; charset=windows-1251">\xcf'),
    type: 'text/html',
    text: '<META http-equiv=Content-Type content="text/html; charset=windows-1251">П',
    charset: 'windows-1251',
  },
  {
    name: '<meta> in a comment',
    bytes: utf8('<!-- <meta charset=windows-1251> -->ü'),
    type: 'text/html',
    text: '<!-- <meta charset=windows-1251> -->ü',
    charset: 'utf-8',
  },
  {
    name: '<meta> behind a comment',
    bytes: latin1('<!-- --><meta charset=windows-1251>\xcf'),
    type: 'text/html',
    text: '<!-- --><meta charset=windows-1251>П',
    charset: 'windows-1251',
  },
  {
    name: '<meta> after the first kilobyte',
    bytes: utf8(`${' '.repeat(1024)}<meta charset=windows-1251>ü`),
    type: 'text/html',
    text: `${' '.repeat(1024)}<meta charset=windows-1251>ü`,
    charset: 'utf-8',
  },
  {
    name: '<meta> that claims UTF-16',
    bytes: utf8('<meta charset=utf-16>ü'),
    type: 'text/html',
    text: '<meta charset=utf-16>ü',
    charset: 'utf-8',
  },
  {
    name: '<meta> with an unknown charset',
    bytes: utf8('<meta charset=klingon>ü'),
    type: 'text/html',
    text: '<meta charset=klingon>ü',
    charset: 'utf-8',
    fallback: true,
    notes: /"klingon" declared in the content/,
  },
  {
    name: '<meta> in plain text is text',
    bytes: utf8('<meta charset=windows-1251>ü'),
    type: 'text/plain',
    text: '<meta charset=windows-1251>ü',
    charset: 'utf-8',
  },
  {
    name: 'XML declaration',
    bytes: latin1('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xfc'),
    type: 'application/xml',
    text: '<?xml version="1.0" encoding="ISO-8859-1"?><a>ü',
    charset: 'windows-1252',
  },
  {
    name: 'JSON is UTF-8',
    bytes: utf8('"ü"'),
    type: 'application/problem+json',
    text: '"ü"',
    charset: 'utf-8',
  },
  {
    name: 'JSON that is not',
    bytes: latin1('"\xfc"'),
    type: 'application/json',
    text: '"\ufffd"',
    charset: 'utf-8',
    notes: /not valid UTF-8/,
  },
  {
    name: 'UTF-8 cut within a character',
    bytes: utf8('schön€').subarray(0, 8),
    text: 'schön',
    charset: 'utf-8',
  },
  {
    name: '<meta> with x-user-defined',
    bytes: latin1('<meta charset=x-user-defined>\x80'),
    text: '<meta charset=x-user-defined>€',
    charset: 'windows-1252',
  },
]

describe('decodeText()', () => {
  it.each(SAMPLES)('$name', ({ bytes, type, text, charset, fallback = false, notes }) => {
    const fields: FieldLine[] = type === undefined ? [] : [['Content-Type', type]]
    const decoded = decodeText(bytes, fields)
    expect(decoded).toMatchObject({ text, charset, fallback })
    if (notes) expect(decoded.notes.join('\n')).toMatch(notes)
    else expect(decoded.notes).toEqual([])
  })
})
