import { describe, expect, test } from 'vitest'
import { unusableAddress } from './usable-address.ts'

describe('unusableAddress()', () => {
  const rows: [ip: string, reason: RegExp | null][] = [
    ['0.0.0.0', /0\.0\.0\.0\/8/],
    ['0.1.2.3', /0\.0\.0\.0\/8/],
    ['223.255.255.255', null],
    ['224.0.0.1', /multicast/],
    ['239.255.255.255', /multicast/],
    ['240.0.0.1', null],
    ['255.255.255.254', null],
    ['255.255.255.255', /broadcast/],
    ['127.0.0.1', null],
    ['10.0.0.1', null],
    ['1.0.0.0', null],
    ['22.4.0.1', null],
    ['::', /unspecified/],
    ['::1', null],
    ['ff02::1', /multicast/],
    ['ff::1', null],
    ['fe80::1', /link-local/],
    ['febf::1', /link-local/],
    ['fec0::1', null],
    ['fe7f::1', null],
    ['fe80::1%eth0', null],
    ['2001:db8::1', null],
    ['::ffff:0.0.0.0', /0\.0\.0\.0\/8/],
    ['::ffff:224.0.0.1', /multicast/],
    ['::ffff:192.0.2.1', null],
  ]
  for (const [ip, reason] of rows) {
    test(ip, () => {
      if (reason === null) expect(unusableAddress(ip)).toBe(null)
      else expect(unusableAddress(ip)).toMatch(reason)
    })
  }
})
