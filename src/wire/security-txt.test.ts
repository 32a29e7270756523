import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSecurityTxt } from './security-txt.ts'

describe('parseSecurityTxt()', () => {
  test('reads contacts by preference and the date', () => {
    const text =
      '\ufeff# Our policy\r\nContact: mailto:security@shop.test\r\ncontact: https://shop.test/report\r\nCONTACT : tel:+1-555-0100\r\nExpires: 2027-01-01T00:00:00.000Z\r\nExpires: 2030-01-01T00:00:00Z\r\n'
    expect(parseSecurityTxt(text)).toEqual({
      contacts: ['mailto:security@shop.test', 'https://shop.test/report', 'tel:+1-555-0100'],
      expires: '2027-01-01T00:00:00.000Z',
      signed: false,
    })
  })

  test('reads what stands inside a signature, and nothing outside of it', () => {
    const text =
      '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\nContact: mailto:outside@shop.test\n\n- Contact: mailto:dashed@shop.test\nContact: mailto:inside@shop.test\n-----BEGIN PGP SIGNATURE-----\nContact: mailto:after@shop.test\n-----END PGP SIGNATURE-----\n'
    expect(parseSecurityTxt(text)).toEqual({
      contacts: ['mailto:dashed@shop.test', 'mailto:inside@shop.test'],
      expires: null,
      signed: true,
    })
  })

  test.each<[string, string, string[]]>([
    ['a bare address', 'Contact: security@shop.test', ['mailto:security@shop.test']],
    ['a script', 'Contact: javascript:alert(1)\nContact: tel:112', ['tel:112']],
    ['plain http', 'Contact: http://shop.test/\nContact: tel:112', ['tel:112']],
    ['bidirectional controls', 'Contact: https://shop.test/\u202e\nContact: tel:112', ['tel:112']],
    ['a date that is none', 'Contact: tel:112\nExpires: tomorrow', ['tel:112']],
  ])('%s', (_name, text, contacts) => {
    expect(parseSecurityTxt(text)).toEqual({ contacts, expires: null, signed: false })
  })

  test.each([
    '',
    'hello',
    '<html><body>Not found</body></html>',
    'Expires: 2030-01-01T00:00:00Z',
    '# Contact: tel:112',
  ])('%j is none', (text) => {
    expect(parseSecurityTxt(text)).toBeNull()
  })

  test('bounds contacts and lines', () => {
    expect(parseSecurityTxt('Contact: tel:112\n'.repeat(5_000))?.contacts).toHaveLength(8)
    expect(parseSecurityTxt(`${'x\n'.repeat(2_000)}Contact: tel:112`)).toBeNull()
    expect(parseSecurityTxt(`Contact: https://shop.test/${'a'.repeat(5_000)}`)).toBeNull()
  })

  test('takes any text without throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseSecurityTxt(`Contact: ${text}\nExpires: ${text}`)))
  })
})
