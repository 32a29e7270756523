// Hosts files and resolv.conf are written by hand: no text may upset their readers.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findInHosts } from '../../src/probe/dns/hosts.ts'
import { formatServer, parseResolvConf, parseServer } from '../../src/probe/dns/resolv-conf.ts'

const blank = fc.constantFrom(' ', '\t', '  ')
const hostsLine = fc
  .tuple(
    fc.oneof(fc.ipV4(), fc.ipV6()),
    blank,
    fc.array(fc.stringMatching(/^[a-zA-Z0-9.-]{1,6}$/), { minLength: 1, maxLength: 4 }),
  )
  .map(([ip, between, names]) => ({ ip, names, text: [ip, ...names].join(between) }))

test('findInHosts() finds what a plain reading line by line finds', () => {
  fc.assert(
    fc.property(
      fc.array(hostsLine, { maxLength: 12 }),
      fc.stringMatching(/^[a-z0-9-]{1,3}$/),
      (lines, name) => {
        const found = findInHosts(lines.map(({ text }) => text).join('\n'), name)
        const wanted = lines.flatMap(({ names }, index) =>
          names.some((one) => one.toLowerCase().replace(/\.$/, '') === name) ? [index + 1] : [],
        )
        expect(found.entries.map(({ line }) => line)).toEqual(wanted)
      },
    ),
  )
})

test('findInHosts() and parseResolvConf() take any text', () => {
  const words = fc.constantFrom(
    'nameserver',
    'search',
    'options',
    'domain',
    '\n',
    ' ',
    '\t',
    '#',
    '127.0.0.1',
    '[',
    ']',
    ':',
    '::1',
    '%',
    'timeout:',
    'x',
    '\0',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 40 }).map((list) => list.join('')),
  )
  fc.assert(
    fc.property(text, fc.string({ maxLength: 4 }), (any, name) => {
      for (const { line } of findInHosts(any, name).entries) expect(line).toBeGreaterThan(0)
      const config = parseResolvConf(any)
      expect(config.servers.length).toBeLessThanOrEqual(3)
      for (const server of config.servers) expect(parseServer(formatServer(server))).toEqual(server)
    }),
  )
})
