import { describe, expect, test } from 'vitest'
import { authoritative, startZones } from '../../../test/world/zones.ts'
import { dnsContext } from '../../../test/world/dns-context.ts'
import { a } from '../../../test/world/dns-server.ts'
import { guardFor, walkDelegation } from './walk.ts'

const ROOT = '127.0.54.1'
const CHILD = '127.0.54.2'

describe('guardFor()', () => {
  const all = { allow: [], deny: [] }

  test.each<[string, string, string, boolean]>([
    ['a public root to a public address', '198.41.0.4', '9.9.9.9', true],
    ['a public root to this machine', '198.41.0.4', '127.0.0.1', false],
    ['a public root to a private network', '198.41.0.4', '10.0.0.1', false],
    ['a public root to the metadata of a cloud', '198.41.0.4', '169.254.169.254', false],
    ['a public root to a private network of IPv6', '2001:503:ba3e::2:30', 'fd00::1', false],
    ['a root of our own to a private network', '127.0.0.1', '10.0.0.1', true],
    ['a root of our own to what is no host', '127.0.0.1', '224.0.0.1', false],
  ])('%s, %s to %s, may be asked: %s', (_name, root, ip, may) => {
    expect(guardFor([{ ip: root }], all)(ip) === null).toBe(may)
  })

  test('heeds the policy', () => {
    expect(guardFor([{ ip: '198.41.0.4' }], { allow: [], deny: ['9.9.9.0/24'] })('9.9.9.9')).not.toBeNull()
  })
})

describe('walkDelegation()', () => {
  test('does not ask a name server that the address policy does not allow', async () => {
    const ctx = dnsContext()
    const tree = await startZones({
      [ROOT]: authoritative({ zone: '.', delegations: { test: { 'ns.test': [CHILD] } } }),
    })
    const walk = await walkDelegation('www.test', [{ ip: ROOT, port: tree.port }], {
      ...ctx,
      options: { ...ctx.options, addressPolicy: { allow: [`${ROOT}/32`], deny: [] } },
    })
    await tree.close()
    ctx.deadline.close()
    expect(walk.failure?.raw).toBe('no usable address is known of the name servers of "test": ns.test')
    expect(walk.said).toEqual([])
  })

  test('a chain of zones without an end is given up', async () => {
    // Each label is a zone of its own at the same server, 40 deep.
    const labels = Array.from({ length: 40 }, (_one, index) => `l${index}`)
    const name = `${labels.join('.')}.test`
    const zones = labels.map((_label, index) => {
      const zone = [...labels.slice(index), 'test'].join('.')
      const below = index === 0 ? null : [...labels.slice(index - 1), 'test'].join('.')
      return { zone, ...(below ? { delegations: { [below]: { [`ns.${below}`]: [CHILD] } } } : {}) }
    })
    const script = (query: Parameters<ReturnType<typeof authoritative>>[0]) => {
      const depth = seen++
      const own = zones[Math.max(0, zones.length - 1 - Math.floor(depth))]
      return authoritative(own ?? { zone: 'test' })(query)
    }
    let seen = 0
    const top = [labels.at(-1), 'test'].join('.')
    const tree = await startZones({
      [ROOT]: authoritative({ zone: '.', delegations: { [top]: { [`ns.${top}`]: [CHILD] } } }),
      [CHILD]: script,
    })
    const ctx = dnsContext()
    const walk = await walkDelegation(name, [{ ip: ROOT, port: tree.port }], ctx)
    await tree.close()
    ctx.deadline.close()
    expect(walk.zones.length).toBeLessThanOrEqual(24)
    expect(walk.failure?.raw).toContain('more than 24 zones on the way')
  })

  test('a root that gives nothing but its own name servers is lame', async () => {
    const tree = await startZones({
      [ROOT]: authoritative({ zone: 'elsewhere.test', records: { a: [a('127.0.0.1')] } }),
    })
    const ctx = dnsContext()
    const walk = await walkDelegation('www.shop.test', [{ ip: ROOT, port: tree.port, name: 'a.root' }], ctx)
    await tree.close()
    ctx.deadline.close()
    expect(walk.failure?.raw).toBe(
      'no name server of "." answers for it: a.root: REFUSED instead of an answer',
    )
    expect(walk.said).toMatchObject([{ zone: '.', name: 'a.root', lame: 'REFUSED instead of an answer' }])
  })
})
