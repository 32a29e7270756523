import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  der,
  issue,
  makeAuthority,
  OCSP_SIGNING,
  oid,
  sequence,
  stapleFor,
} from '../../test/world/certificates.ts'
import { type OcspResponse, parseOcspResponse } from './ocsp.ts'

const { intermediate } = makeAuthority()
const leaf = issue({ serialNumber: 0x80ff }, intermediate)

function read(bytes: Uint8Array): OcspResponse {
  const response = parseOcspResponse(bytes)
  if ('unreadable' in response) throw new Error(response.unreadable)
  return response
}

describe('parseOcspResponse()', () => {
  test('reads a good answer', () => {
    const response = read(stapleFor(leaf, intermediate))
    expect(response.answers).toHaveLength(1)
    expect(response.answers[0]).toMatchObject({
      serialNumber: '80FF',
      hash: 'sha1',
      status: 'good',
      revokedAtMs: null,
      reason: null,
    })
    expect(response).toMatchObject({
      signatureAlgorithm: 'ecdsa-with-SHA256',
      signatureHash: 'sha256',
      certificates: [],
    })
    expect(response.signedBytes[0]).toBe(0x30)
    expect(response.signature.length).toBeGreaterThan(60)
  })

  test('reads when and why a certificate was revoked', () => {
    const revokedAt = new Date('2026-10-01T02:03:04Z')
    const [answer] = read(stapleFor(leaf, intermediate, { status: 'revoked', revokedAt, reason: 4 })).answers
    expect(answer).toMatchObject({
      status: 'revoked',
      revokedAtMs: revokedAt.getTime(),
      reason: 'superseded',
    })
  })

  test('names a reason it does not know by its number', () => {
    const [answer] = read(stapleFor(leaf, intermediate, { status: 'revoked', reason: 77 })).answers
    expect(answer?.reason).toBe('reason 77')
  })

  test('reads "unknown", and an answer without a next one', () => {
    const [answer] = read(stapleFor(leaf, intermediate, { status: 'unknown', nextUpdate: null })).answers
    expect(answer).toMatchObject({ status: 'unknown', nextUpdateMs: null })
  })

  test('hands over the certificate of the responder', () => {
    const responder = issue({ names: null, purposes: [OCSP_SIGNING] }, intermediate)
    const { certificates } = read(stapleFor(leaf, intermediate, { responder }))
    expect(certificates.map((one) => Buffer.from(one))).toEqual([responder.der])
  })

  const refusals: [number: number, says: string][] = [
    [1, 'the responder answered malformedRequest'],
    [3, 'the responder answered tryLater'],
    [6, 'the responder answered unauthorized'],
    [99, 'the responder answered status 99'],
  ]
  for (const [number, says] of refusals) {
    test(says, () => {
      expect(parseOcspResponse(sequence(der(10, Buffer.from([number]))))).toEqual({ unreadable: says })
    })
  }

  test('does not read a response of another type', () => {
    const other = sequence(
      der(10, Buffer.from([0])),
      der(0xa0, sequence(oid('1.2.3'), der(4, Buffer.from([1])))),
    )
    expect(parseOcspResponse(other)).toEqual({ unreadable: 'a response of type 1.2.3' })
  })

  test('never throws on a damaged answer', () => {
    const whole = stapleFor(leaf, intermediate, { status: 'revoked', reason: 1 })
    const change = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(whole.length), (changes, length) => {
        const damaged = Buffer.from(whole.subarray(0, length))
        for (const { at, to } of changes) if (at < damaged.length) damaged[at] = to
        const response = parseOcspResponse(damaged)
        expect('unreadable' in response ? response.unreadable !== '' : response.answers.length <= 16).toBe(
          true,
        )
      }),
      { numRuns: 2000 },
    )
  })
})
