import { describe, expect, test } from 'vitest'
import { dnsContext } from '../../../test/world/dns-context.ts'
import {
  formatServer,
  parseResolvConf,
  parseServer,
  RESOLV_CONF_PATH,
  resolverConfig,
} from './resolv-conf.ts'

describe('parseServer()', () => {
  const rows: [text: string, expected: [ip: string, port: number] | null][] = [
    ['192.0.2.1', ['192.0.2.1', 53]],
    ['192.0.2.1:5353', ['192.0.2.1', 5353]],
    ['2001:db8::1', ['2001:db8::1', 53]],
    ['fe80::1%eth0', ['fe80::1%eth0', 53]],
    ['[2001:db8::1]', ['2001:db8::1', 53]],
    ['[2001:db8::1]:5353', ['2001:db8::1', 5353]],
    ['[192.0.2.1]:5353', ['192.0.2.1', 5353]],
    ['', null],
    ['dns.example', null],
    ['192.0.2.1:', null],
    ['192.0.2.1:0', null],
    ['192.0.2.1:65536', null],
    ['192.0.2.1:5x', null],
    ['[2001:db8::1', null],
    ['[2001:db8::1]5353', null],
    ['[]:53', null],
    ['1.2.3', null],
  ]
  for (const [text, expected] of rows) {
    test(`${expected ? 'reads' : 'refuses'} "${text}"`, () => {
      expect(parseServer(text)).toEqual(expected && { ip: expected[0], port: expected[1] })
    })
  }
})

describe('parseResolvConf()', () => {
  test('reads servers, search list and options', () => {
    const config = parseResolvConf(
      '# c\n; c\n\nnameserver 192.0.2.1\r\nnameserver\t[2001:db8::1]:5353\nsearch a.test b.test.\noptions timeout:3 attempts:4 rotate use-vc edns0 ndots:5\n',
    )
    expect(config).toEqual({
      servers: [
        { ip: '192.0.2.1', port: 53 },
        { ip: '2001:db8::1', port: 5353 },
      ],
      search: ['a.test', 'b.test'],
      timeoutMs: 3_000,
      attempts: 4,
      rotate: true,
      useTcp: true,
      from: RESOLV_CONF_PATH,
      problems: [],
    })
  })

  const rows: { name: string; text: string; expected: object }[] = [
    {
      name: 'has the defaults of the C library',
      text: '',
      expected: { servers: [], timeoutMs: 5_000, attempts: 2, rotate: false, useTcp: false },
    },
    {
      name: 'lets the last of domain and search win',
      text: 'search a.test\ndomain b.test c.test',
      expected: { search: ['b.test'] },
    },
    {
      name: 'bounds time-out and attempts',
      text: 'options timeout:99 attempts:99',
      expected: { timeoutMs: 30_000, attempts: 5 },
    },
    {
      name: 'ignores senseless values',
      text: 'options timeout:0 attempts:x timeout: rotate:',
      expected: { timeoutMs: 5_000, attempts: 2 },
    },
    {
      name: 'takes three servers',
      text: 'nameserver 1.1.1.1\n'.repeat(4),
      expected: {
        servers: Array.from({ length: 3 }, () => ({ ip: '1.1.1.1', port: 53 })),
        problems: ['/etc/resolv.conf line 4: only the first 3 name servers are asked'],
      },
    },
    {
      name: 'says which line is none',
      text: '\nnameserver x\nfoo bar',
      expected: {
        problems: [
          '/etc/resolv.conf line 2: "x" is not an address of a name server',
          '/etc/resolv.conf line 3: "foo" is not a keyword of this file',
        ],
      },
    },
    {
      name: 'takes six search domains',
      text: 'search a b c d e f g',
      expected: { search: ['a', 'b', 'c', 'd', 'e', 'f'] },
    },
  ]
  for (const { name, text, expected } of rows)
    test(name, () => expect(parseResolvConf(text)).toMatchObject(expected))
})

describe('resolverConfig()', () => {
  const given = [{ ip: '192.0.2.1', port: 53 }]
  test('takes the given servers without reading a file', () => {
    const { io, deadline } = dnsContext({
      files: { [RESOLV_CONF_PATH]: 'nameserver 192.0.2.2\nsearch a.test' },
    })
    deadline.close()
    expect(resolverConfig(given, io, 'linux')).toMatchObject({ servers: given, from: 'options', search: [] })
  })

  test('falls back to the local name server as the C library does', () => {
    const { io, deadline } = dnsContext()
    deadline.close()
    expect(resolverConfig(null, io, 'linux')).toMatchObject({
      servers: [{ ip: '127.0.0.1', port: 53 }],
      from: 'default',
    })
  })

  test('asks the system where there is no such file', () => {
    const { io, deadline } = dnsContext()
    deadline.close()
    const config = resolverConfig(null, io, 'win32')
    expect(config.servers.length).toBeGreaterThan(0)
    expect(['system', 'default']).toContain(config.from)
  })
})

test('formatServer() leaves port 53 out', () => {
  expect(formatServer({ ip: '192.0.2.1', port: 53 })).toBe('192.0.2.1')
  expect(formatServer({ ip: '192.0.2.1', port: 54 })).toBe('192.0.2.1:54')
  expect(formatServer({ ip: '::1', port: 53 })).toBe('::1')
  expect(formatServer({ ip: '::1', port: 54 })).toBe('[::1]:54')
})
