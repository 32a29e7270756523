import { expect, test } from 'vitest'
import { systemIo } from '../io.ts'
import { defaultRoute4, defaultRoute6, lookAtInterfaces, neighbourAnswers } from './own-network.ts'

const HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n'
const V4 = (name: string, gateway: string, flags: string, metric: number) =>
  `${name}\t00000000\t${gateway}\t${flags}\t0\t0\t${metric}\t00000000\t0\t0\t0\n`
const ZERO = '0'.repeat(32)
const V6 = (hop: string, metric: string, flags: string, name: string) =>
  `${ZERO} 00 ${ZERO} 00 ${hop} ${metric} 00000001 00000000 ${flags}     ${name}\n`

test.each([
  [
    'the least metric wins',
    HEAD + V4('wifi', '0101A8C0', '0003', 600) + V4('lan', '0102A8C0', '0003', 100),
    'lan',
    '192.168.2.1',
  ],
  ['a tunnel has no gateway', HEAD + V4('tun0', '00000000', '0001', 0), 'tun0', null],
])('defaultRoute4(): %s', (_name, text, via, gateway) => {
  expect(defaultRoute4(text)).toMatchObject({ family: 4, exists: true, interface: via, gateway })
})

test.each([
  ['none', HEAD],
  ['one that rejects', HEAD + V4('lan', '0101A8C0', '0203', 0)],
  ['one that is down', HEAD + V4('lan', '0101A8C0', '0002', 0)],
  ['a network', `${HEAD}lan\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`],
  ['rubbish', '\0\u{1f4a3} \n\n0 0 0'],
])('defaultRoute4() and defaultRoute6() see no way out in %s', (_name, text) => {
  expect(defaultRoute4(text)).toBe(null)
  expect(defaultRoute6(text)).toBe(null)
})

test('defaultRoute6() takes a gateway, and not the entry that every kernel has for "unreachable"', () => {
  const gateway = `fe80${'0'.repeat(24)}0001`
  const unreachable = V6(ZERO, 'ffffffff', '00200200', 'lo')
  expect(defaultRoute6(unreachable)).toBe(null)
  expect(defaultRoute6(unreachable + V6(gateway, '00000400', '00000003', 'lan'))).toMatchObject({
    family: 6,
    gateway: 'fe80::1',
    interface: 'lan',
  })
})

test('neighbourAnswers() tells answered, asked in vain and not asked', () => {
  const text = `IP address       HW type     Flags       HW address            Mask     Device
10.0.1.1         0x1         0x2         02:00:00:00:00:01     *        lan
10.0.1.7         0x1         0x0         00:00:00:00:00:00     *        lan
`
  expect(['10.0.1.1', '10.0.1.7', '10.0.1.9'].map((ip) => neighbourAnswers(text, ip))).toEqual([
    true,
    false,
    null,
  ])
  expect(neighbourAnswers(null, '10.0.1.1')).toBe(null)
})

test('lookAtInterfaces() tells an interface without an address, and whether it is up', () => {
  const files: Record<string, string> = {
    '/proc/self/net/dev': 'Inter-|   Receive\n face |bytes\n    lo: 1 2\n   lan: 0 0\n  wifi: 0 0\n',
    '/sys/class/net/lan/operstate': 'down\n',
  }
  const found = lookAtInterfaces({ ...systemIo, readText: (path) => files[path] ?? null }, {})
  expect(found).toEqual({
    kind: 'interfaces',
    each: [
      { name: 'lan', up: false, addresses: [] },
      { name: 'wifi', up: null, addresses: [] },
    ],
    families: [],
    selfAssigned: false,
  })
})
