import { describe, expect, test } from 'vitest'
import { canonicalIpv6, findInHosts, hostsPath } from './hosts.ts'

describe('findInHosts()', () => {
  const rows: {
    name: string
    text: string
    wanted?: string
    ips: string[]
    canonicalName?: string | null
  }[] = [
    {
      name: 'finds the first name of a line',
      text: '192.0.2.1 a.test b',
      wanted: 'a.test',
      ips: ['192.0.2.1'],
      canonicalName: 'a.test',
    },
    {
      name: 'finds an alias',
      text: '192.0.2.1 a.test b',
      wanted: 'b',
      ips: ['192.0.2.1'],
      canonicalName: 'a.test',
    },
    {
      name: 'gathers several lines and families',
      text: '192.0.2.1 x\n2001:db8::1 x\n192.0.2.2 y x',
      ips: ['192.0.2.1', '2001:db8::1', '192.0.2.2'],
      canonicalName: 'x',
    },
    { name: 'ignores case', text: '192.0.2.1 X', ips: ['192.0.2.1'], canonicalName: 'X' },
    { name: 'takes tabs, many blanks and CRLF', text: '  192.0.2.1\t \tx\t\r\n', ips: ['192.0.2.1'] },
    { name: 'ignores whole comments', text: '# 192.0.2.1 x\n', ips: [] },
    { name: 'ignores what a comment cuts off', text: '192.0.2.1 y # x\n192.0.2.2 x#y', ips: ['192.0.2.2'] },
    { name: 'does not find a part of a name', text: '192.0.2.1 xx x.test ax', ips: [] },
    { name: 'does not take the address for a name', text: '192.0.2.1 y', wanted: '192.0.2.1', ips: [] },
    {
      name: 'passes over a line without an address',
      text: 'banana x\n192.0.2.300 x\n192.0.2.2 x',
      ips: ['192.0.2.2'],
    },
    { name: 'passes over an address without names', text: '192.0.2.1\n192.0.2.2 x', ips: ['192.0.2.2'] },
    { name: 'takes a dot at the end', text: '192.0.2.1 x.', ips: ['192.0.2.1'] },
    { name: 'keeps the scope and shortens IPv6', text: 'FE80:0:0:0:0:0:0:1%lo x', ips: ['fe80::1%lo'] },
    { name: 'finds nothing in an empty file', text: '', ips: [], canonicalName: null },
    { name: 'finds nothing for an empty name', text: '192.0.2.1 x', wanted: '', ips: [] },
  ]
  for (const { name, text, wanted = 'x', ips, canonicalName } of rows) {
    test(name, () => {
      const answer = findInHosts(text, wanted)
      expect(answer.entries.map(({ ip }) => ip)).toEqual(ips)
      if (canonicalName !== undefined) expect(answer.canonicalName).toBe(canonicalName)
    })
  }

  test('counts lines from one', () => {
    const text = '\n# x\n192.0.2.1 y\n192.0.2.2 x\n\n\n192.0.2.3 x'
    expect(findInHosts(text, 'x').entries.map(({ line }) => line)).toEqual([4, 7])
  })

  test('stops after 256 addresses', () => {
    const text = Array.from({ length: 300 }, (_, index) => `10.0.${index >> 8}.${index & 255} x`).join('\n')
    expect(findInHosts(text, 'x').entries).toHaveLength(256)
  })
})

test('hostsPath() knows where Windows keeps it', () => {
  expect(hostsPath('linux', undefined)).toBe('/etc/hosts')
  expect(hostsPath('win32', 'D:\\Win')).toBe('D:\\Win\\System32\\drivers\\etc\\hosts')
  expect(hostsPath('win32', undefined)).toBe('C:\\Windows\\System32\\drivers\\etc\\hosts')
})

test('canonicalIpv6() writes the shortest form', () => {
  expect(canonicalIpv6('2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1')
})
