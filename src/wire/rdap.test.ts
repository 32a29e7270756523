import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entity, network } from '../../test/world/rdap-server.ts'
import { findRdapBases, readRdapEntity, readRdapError, readRdapNetwork } from './rdap.ts'

const BOOTSTRAP = {
  version: '1.0',
  services: [
    [['192.0.0.0/8'], ['https://wide.test/rdap/']],
    [
      ['192.0.2.0/24', '198.51.100.0/25'],
      ['http://narrow.test/rdap', 'https://narrow.test/rdap'],
    ],
    [['2001:db8::/32'], ['https://six.test/']],
    [['2001:db8:8000::/33'], ['https://half.test/']],
    [['203.0.113.0/24'], ['javascript:alert(1)', 'ftp://a.test/', 'https://u:p@b.test/', 7]],
  ],
}

describe('findRdapBases()', () => {
  test.each<[string, string[]]>([
    ['192.0.3.1', ['https://wide.test/rdap/']],
    ['192.0.2.9', ['https://narrow.test/rdap/', 'http://narrow.test/rdap/']],
    ['198.51.100.127', ['https://narrow.test/rdap/', 'http://narrow.test/rdap/']],
    ['198.51.100.128', []],
    ['2001:db8:1::1', ['https://six.test/']],
    ['2001:db8:8000::1', ['https://half.test/']],
    ['203.0.113.1', []],
    ['10.0.0.1', []],
    ['not an address', []],
  ])('%s', (ip, bases) => {
    expect(findRdapBases(BOOTSTRAP, ip)).toEqual(bases)
  })

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a list', []],
    ['services that are none', { services: 'all' }],
    [
      'a service that is none',
      { services: [null, 7, {}, [['192.0.2.0/24']], [[7, '192.0.2.0/x', '192.0.2.0'], ['https://a/']]] },
    ],
  ])('finds none in %s', (_name, bootstrap) => {
    expect(findRdapBases(bootstrap, '192.0.2.1')).toEqual([])
  })
})

describe('readRdapNetwork()', () => {
  test('puts abuse before technical, noc and administrative, wherever they nest', () => {
    const answer = network([
      entity(['administrative'], 'admin@net.test'),
      entity(['registrant'], 'holder@net.test', {
        entities: [
          entity(['noc'], 'noc@net.test'),
          entity(['other'], null, { entities: [entity(['ABUSE'], 'abuse@net.test')] }),
        ],
      }),
      entity(['technical'], 'tech@net.test'),
    ])
    const found = readRdapNetwork(answer)
    expect(found?.people.map(({ role, emails }) => `${role} ${emails.join()}`)).toEqual([
      'abuse abuse@net.test',
      'technical tech@net.test',
      'noc noc@net.test',
      'administrative admin@net.test',
    ])
    expect(found?.network).toMatchObject({ name: 'LOOPNET', holder: 'registrant desk', country: 'ZZ' })
  })

  test('takes several addresses, uri values and telephone numbers of a jCard, once each', () => {
    const card = [
      'vcard',
      [
        ['fn', {}, 'text', 'Abuse\u202e desk\n'],
        ['email', {}, 'text', ['a@net.test', 'b@net.test']],
        ['EMAIL', {}, 'uri', 'mailto:c@net.test'],
        ['tel', {}, 'uri', 'tel:+1-555-0100'],
        ['email', {}, 'text', 'a@net.test'],
      ],
    ]
    const found = readRdapNetwork(network([{ roles: ['abuse', 'technical'], vcardArray: card }]))
    expect(found?.people).toEqual([
      {
        role: 'abuse',
        name: 'Abuse desk',
        emails: ['a@net.test', 'b@net.test', 'c@net.test'],
        phones: ['+1-555-0100'],
      },
    ])
  })

  test.each([
    'no address',
    'a@b@c',
    'x@net.test\nBcc: you@net.test',
    '"a b"@net.test',
    '<script>@net.test',
    `${'a'.repeat(100)}@net.test`,
  ])('does not take %j for an e-mail address', (email) => {
    expect(readRdapNetwork(network([entity(['abuse'], email)]))?.people).toEqual([])
  })

  test('names the handles of entities without a card, best role first', () => {
    const answer = network([
      { roles: ['technical'], handle: 'TECH-1' },
      { roles: ['abuse'], handle: 'ABUSE-1' },
    ])
    expect(readRdapNetwork(answer)?.bareHandles).toEqual(['ABUSE-1', 'TECH-1'])
  })

  test('bounds depth, number and length', () => {
    let deep: unknown = entity(['abuse'], 'deep@net.test')
    for (let level = 0; level < 50; level++) deep = { entities: [deep] }
    expect(readRdapNetwork(network([deep]))?.people).toEqual([])
    const many = Array.from({ length: 5_000 }, (_, index) => entity(['abuse'], `a${index}@net.test`))
    expect(readRdapNetwork(network(many))?.people).toHaveLength(12)
    expect(readRdapNetwork(network([], { name: 'x'.repeat(100_000) }))?.network.name).toHaveLength(300)
  })

  test('takes any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        readRdapNetwork(value)
        readRdapNetwork({ objectClassName: 'ip network', entities: value, name: value })
        readRdapNetwork(network([{ roles: value, vcardArray: value, entities: value }]))
        readRdapEntity(value, 'abuse')
        readRdapError(value)
        findRdapBases({ services: value }, '192.0.2.1')
      }),
    )
  })
})

test('readRdapEntity() reads its own card, then those inside it', () => {
  const answer = entity(['abuse'], 'own@net.test', { entities: [entity(['noc'], 'noc@net.test')] })
  expect(readRdapEntity(answer, 'abuse').map(({ emails }) => emails[0])).toEqual([
    'own@net.test',
    'noc@net.test',
  ])
  expect(readRdapEntity({ objectClassName: 'domain' }, 'abuse')).toEqual([])
})

test('readRdapError() gives title and description on one line', () => {
  expect(readRdapError({ errorCode: 400, title: 'Bad', description: ['no\nsuch', 'more'] })).toBe(
    'Bad: no such',
  )
  expect(readRdapError({})).toBeNull()
})
