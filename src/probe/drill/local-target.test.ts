import { describe, expect, test } from 'vitest'
import { isLocalTarget } from './local-target.ts'

describe('isLocalTarget()', () => {
  test.each<[host: string, ips: string[], local: boolean]>([
    ['example.com', ['93.184.216.34'], false],
    ['EXAMPLE.com.', ['2606:2800:220:1::1'], false],
    ['example.com', [], false],
    ['93.184.216.34', [], false],
    ['[2606:2800:220:1::1]', [], false],
    ['localhost', [], true],
    ['intranet', [], true],
    ['shop.test', [], true],
    ['Printer.LOCAL.', [], true],
    ['nas.home.arpa', [], true],
    ['db.internal', [], true],
    ['abc.onion', [], true],
    ['latest.com', ['8.8.8.8'], false],
    ['127.0.0.1', [], true],
    ['[::1]', [], true],
    ['10.1.2.3', [], true],
    ['100.64.0.1', [], true],
    ['169.254.1.1', [], true],
    ['[fd00::1]', [], true],
    ['[::ffff:192.168.0.1]', [], true],
    ['192.0.2.7', [], true],
    ['example.com', ['10.0.0.5'], true],
    ['example.com', ['8.8.8.8', '127.0.0.1'], true],
  ])('%s %j: %s', (host, ips, local) => {
    expect(isLocalTarget(host, ips)).toBe(local)
  })
})
