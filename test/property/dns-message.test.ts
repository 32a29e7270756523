// Any bytes, any split of a message, any name: the DNS codec must stay within its bounds and agree with dns-packet.
import packets from 'dns-packet'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeMessage, encodeQuery } from '../../src/wire/dns-message.ts'
import type { DnsType } from '../../src/wire/dns-tables.ts'
import { encodeName } from '../../src/wire/dns-name.ts'
import { DnsCursor } from '../../src/wire/dns-cursor.ts'
import { escapeLabelByte } from '../../src/wire/dns-name.ts'

const plainLabel = fc.stringMatching(/^[a-z0-9_-]{1,12}$/)
const plainName = fc.array(plainLabel, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'))
const ttl = fc.integer({ min: 0, max: 0x7fff_ffff })
const record = fc.oneof(
  fc.record({ name: plainName, type: fc.constant('A'), ttl, data: fc.ipV4() }),
  fc.record({ name: plainName, type: fc.constantFrom('CNAME', 'NS', 'PTR', 'DNAME'), ttl, data: plainName }),
  fc.record({
    name: plainName,
    type: fc.constant('MX'),
    ttl,
    data: fc.record({ preference: fc.nat(65_535), exchange: plainName }),
  }),
  fc.record({
    name: plainName,
    type: fc.constant('SRV'),
    ttl,
    data: fc.record({
      priority: fc.nat(65_535),
      weight: fc.nat(65_535),
      port: fc.nat(65_535),
      target: plainName,
    }),
  }),
  fc.record({
    name: plainName,
    type: fc.constant('TXT'),
    ttl,
    data: fc.array(plainLabel, { minLength: 1, maxLength: 4 }),
  }),
)

/** Typed arrays answer undefined outside their bounds, so every read is watched. */
function watched(bytes: Uint8Array): Uint8Array {
  const proxied: Uint8Array = new Proxy(bytes, {
    get(target, key) {
      if (
        typeof key === 'string' &&
        /^-?\d+$/.test(key) &&
        !(Number(key) >= 0 && Number(key) < target.length)
      ) {
        throw new Error(`read at ${key} of ${target.length}`)
      }
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return proxied
}

test('decodeMessage() never throws and never reads outside any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const { malformed } = decodeMessage(watched(bytes))
      if (malformed) expect(malformed.offset).toBeLessThanOrEqual(bytes.length)
    }),
    { numRuns: 2_000 },
  )
})

test('decodeMessage() never throws when bytes of a real message are changed or cut', () => {
  const change = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 })
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), change, fc.nat(400), (answers, changes, cut) => {
      const bytes = packets.encode({ type: 'response', questions: [{ name: 'a.b', type: 'A' }], answers })
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
      const kept = new Uint8Array(bytes.subarray(0, cut))
      const { malformed, message } = decodeMessage(watched(kept))
      if (!message) expect(kept.length).toBeLessThan(12)
      if (malformed) expect(malformed.offset).toBeLessThanOrEqual(kept.length)
    }),
    { numRuns: 2_000 },
  )
})

test('decodeMessage() reads the records that dns-packet writes', () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 8 }),
      fc.array(record, { maxLength: 3 }),
      (answers, authorities) => {
        // A clone, because dns-packet turns texts into bytes in place.
        const { malformed, message } = decodeMessage(
          packets.encode({ type: 'response', ...structuredClone({ answers, authorities }) }),
        )
        expect(malformed).toBe(null)
        expect(message?.answers).toEqual(answers.map((one) => ({ ...one, class: 1 })))
        expect(message?.authorities).toEqual(authorities.map((one) => ({ ...one, class: 1 })))
      },
    ),
  )
})

test('encodeQuery() writes what dns-packet and decodeMessage() read alike', () => {
  const edns = fc.option(
    fc.record({ udpBytes: fc.integer({ min: 512, max: 65_535 }), dnssecOk: fc.boolean() }),
  )
  const type = fc.constantFrom<DnsType>('A', 'AAAA', 'TXT', 'SOA', 'CAA', 'SRV')
  fc.assert(
    fc.property(
      fc.nat(65_535),
      plainName,
      type,
      fc.boolean(),
      edns,
      (id, name, asked, recursionDesired, opt) => {
        const bytes = encodeQuery({ id, name, type: asked, recursionDesired, edns: opt })
        expect(packets.decode(Buffer.from(bytes))).toMatchObject({
          id,
          questions: [{ name, type: asked, class: 'IN' }],
          flag_rd: recursionDesired,
        })
        const { malformed, message } = decodeMessage(watched(bytes))
        expect(malformed).toBe(null)
        expect(message).toMatchObject({ id, questions: [{ name, type: asked, class: 1 }] })
        expect(message?.flags).toMatchObject({ qr: false, rd: recursionDesired })
        if (opt) expect(message?.edns).toMatchObject(opt)
        else expect(message?.edns).toBe(null)
      },
    ),
  )
})

test('encodeName() takes every name that DnsCursor.name() gives, byte for byte', () => {
  const label = fc.uint8Array({ minLength: 1, maxLength: 63 })
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
      const wire = Buffer.concat([...labels.flatMap((one) => [Buffer.of(one.length), one]), Buffer.of(0)])
      const cursor = new DnsCursor(wire)
      const text = cursor.name('x')
      if (wire.length > 255) {
        expect(cursor.malformed?.reason).toMatch(/longer than 255/)
        return
      }
      expect(text).toBe(labels.map((one) => [...one].map(escapeLabelByte).join('')).join('.'))
      const made = encodeName(text)
      expect('bytes' in made && Buffer.from(made.bytes).equals(wire)).toBe(true)
    }),
  )
})
