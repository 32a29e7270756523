import { describe, expect, test } from 'vitest'
import { codeKey, codeKeys } from './code-key.ts'

describe('codeKey()', () => {
  test.each([
    ['502', '502'],
    ['HTTP 502', '502'],
    ['HTTP/1.1 502', '502'],
    ['HTTP/2 502', '502'],
    ['http error: 502', '502'],
    ['Status code: 502', '502'],
    ['http-502', '502'],
    ['502.3', '502.3'],
    ['HTTP Error 502.3', '502.3'],
    ['0x80244021', '0x80244021'],
    ['80244021', '0x80244021'],
    ['0X80244021', '0x80244021'],
    ['(0x80244021)', '0x80244021'],
    ['-2145107935', '0x80244021'],
    ['2149859361', '0x80244021'],
    ['H12', 'h12'],
    ['error code=H12', 'h12'],
    ['net::ERR_CONNECTION_REFUSED', 'err_connection_refused'],
    ['curl: (56)', 'curl 56'],
    ['curl error 56', 'curl 56'],
    ['cURL exit code 56:', 'curl 56'],
    ['exit code 56', 'exit 56'],
    ['[Errno 111]', 'errno 111'],
    ['errno=111', 'errno 111'],
    ['NSURLErrorDomain Code=-1004', 'nsurlerrordomain -1004'],
    ['SSL alert number 40', 'ssl alert 40'],
    ['SH--', 'SH--'],
    ['sH--', 'sH--'],
    ['error', 'error'],
    ['', ''],
  ])('brings %s to %s', (text, key) => {
    expect(codeKey(text)).toBe(key)
  })

  test('never takes a number of another length for an HRESULT', () => {
    expect(codeKey('8024402')).toBe('8024402')
    expect(codeKey('1234567890')).toBe('1234567890')
  })
})

describe('codeKeys()', () => {
  test.each([
    ['Cloudflare 1033', '1033'],
    ['SSL alert 40', 'alert 40'],
    ['java.net.ConnectException', 'connectexception'],
    ['0x80072EFD', '12029'],
    ['12029', '0x80072efd'],
    ['WSAECONNREFUSED', 'econnrefused'],
    ['E001', '001'],
    ['http502', '502'],
    ['HTTP_502', '502'],
  ])('also reads %s as %s', (text, key) => {
    expect(codeKeys(text)).toContain(key)
  })

  test('takes no word away that may belong to the code', () => {
    expect(codeKeys('room 404')).toEqual(['room 404'])
    expect(codeKeys('curl 56')).toEqual(['curl 56'])
    expect(codeKeys('errno 7')).not.toContain('7')
  })
})
