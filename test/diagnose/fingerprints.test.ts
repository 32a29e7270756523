// The contract of every fingerprint: its own examples, everybody else's, and patterns that stay linear on hostile text.
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../src/diagnose/answer.ts'
import type { Fingerprint, Trait } from '../../src/diagnose/fingerprint.ts'
import { FINGERPRINTS } from '../../src/diagnose/fingerprints.ts'
import {
  lookAt,
  MADE_THRESHOLD,
  makeFingerprintSet,
  matchFingerprints,
  SEEN_THRESHOLD,
} from '../../src/diagnose/match.ts'
import { judgeResponse } from '../../src/diagnose/response.ts'
import { isCause, LINKS, PARTIES, ROLES } from '../../src/model/diagnosis.ts'

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))
const set = makeFingerprintSet(FINGERPRINTS, [])

function* traitsOf(fingerprint: Fingerprint): Generator<Trait> {
  yield* fingerprint.clues
  yield* fingerprint.readings
}

function* patternsOf(fingerprint: Fingerprint): Generator<RegExp> {
  for (const trait of traitsOf(fingerprint)) {
    for (const pattern of [
      trait.reason,
      trait.content,
      trait.cookie,
      trait.orderLike,
      trait.field?.[1],
      trait.field2?.[1],
    ]) {
      if (pattern) yield pattern
    }
  }
  for (const place of fingerprint.version ?? []) yield place.matches
}

describe('FINGERPRINTS', () => {
  it('is the whole folder, and every id is its file name', () => {
    const files = readdirSync(new URL('../../src/diagnose/fingerprints/', import.meta.url)).sort()
    expect(FINGERPRINTS.map(({ id }) => `${id}.ts`)).toEqual(files)
  })

  it('knows at least 70 products', () => {
    expect(FINGERPRINTS.length).toBeGreaterThanOrEqual(70)
  })
})

describe.each(FINGERPRINTS.map((fingerprint) => [fingerprint.id, fingerprint] as const))(
  '%s',
  (id, fingerprint) => {
    it('uses the words of the contract, and weights between 0 and 1', () => {
      expect(ROLES).toContain(fingerprint.role)
      expect(PARTIES).toContain(fingerprint.fixedBy)
      expect(fingerprint.source).not.toBe('')
      expect(fingerprint.examples.length).toBeGreaterThan(0)
      for (const clue of fingerprint.clues) {
        const made = clue.made ?? 0
        expect(made + (clue.seen ?? 0)).toBeGreaterThan(0)
        for (const weight of [made, clue.seen ?? 0]) expect(weight).toBeGreaterThanOrEqual(0)
        for (const weight of [made, clue.seen ?? 0]) expect(weight).toBeLessThan(1)
      }
      for (const reading of fingerprint.readings) {
        expect(reading.causes.length).toBeGreaterThan(0)
        expect(new Set(reading.causes).size).toBe(reading.causes.length)
        for (const cause of reading.causes) expect(isCause(cause), cause).toBe(true)
        if (reading.link) expect(LINKS).toContain(reading.link)
        if (reading.party) expect(PARTIES).toContain(reading.party)
      }
    })

    it('claims nothing on one unverified clue', () => {
      for (const clue of fingerprint.clues) {
        if (!clue.unverified) continue
        // Every trait dropped: the clue holds for any answer, and only its weight is looked at.
        const bare = { ...fingerprint, clues: [{ made: 0.99, seen: 0.99, unverified: true as const }] }
        const look = lookAt(readAnswer(bytes('HTTP/1.1 200 OK\r\n\r\n'), 'fin', 'GET'), set, null)
        const [match] = matchFingerprints(look, { ...set, fingerprints: [bare] })
        expect(match?.made).toBeLessThan(MADE_THRESHOLD)
        expect(match?.seen).toBeLessThan(SEEN_THRESHOLD)
      }
    })

    it('writes field names in lower case, and literals long enough to index', () => {
      for (const trait of traitsOf(fingerprint)) {
        for (const field of [trait.field, trait.field2])
          if (field) expect(field[0]).toBe(field[0].toLowerCase())
        for (const name of trait.without ?? []) expect(name).toBe(name.toLowerCase())
        for (const literal of [trait.body, trait.body2])
          if (literal) expect(literal.length).toBeGreaterThanOrEqual(4)
      }
    })

    it.each(fingerprint.examples.map((example, index) => [index, example] as const))(
      'example %i',
      (_index, example) => {
        const diagnosis = judgeResponse({
          raw: bytes(example.raw),
          ended: 'fin',
          firstByteMs: example.waitedMs ?? 5,
          elapsedMs: example.waitedMs ?? 5,
          requestMethod: 'GET',
        })
        if (example.not) {
          expect(diagnosis?.generator?.product).not.toBe(id)
          return
        }
        expect(diagnosis?.generator?.product).toBe(id)
        expect(diagnosis?.causes.slice(0, example.causes?.length)).toEqual(example.causes)
      },
    )

    it("is not claimed to have written any other product's example", () => {
      for (const other of FINGERPRINTS) {
        if (other.id === id) continue
        for (const example of other.examples) {
          if (example.not) continue
          const matches = matchFingerprints(
            lookAt(readAnswer(bytes(example.raw), 'fin', 'GET'), set, null),
            set,
          )
          const own = matches.find((match) => match.fingerprint.id === id)
          const theirs = matches.find((match) => match.fingerprint.id === other.id)
          if (own && own.made >= MADE_THRESHOLD)
            expect(own.made, `${other.id}: ${example.raw.slice(0, 60)}`).toBeLessThan(theirs?.made ?? 0)
        }
      }
    })

    it('has patterns whose work grows no faster than the text', () => {
      for (const pattern of patternsOf(fingerprint)) {
        expect(pattern.flags).not.toMatch(/[gy]/)
        // No repetition of a repetition, the one shape that goes wrong: ( ... + ) + and kin.
        expect(pattern.source).not.toMatch(/\([^)]*[+*}][^)]*\)[+*{]/)
        const alphabet = [
          ...new Set(pattern.source.replace(/\\[dwsbDWSB]|[\^$.*+?()[\]{}|\\]/g, 'a0 ')),
        ].slice(0, 24)
        for (const unit of [...alphabet, alphabet.join(''), `${alphabet.join('')}\n`, 'Date,Connection,']) {
          if (unit === '') continue
          const short = unit.repeat(Math.ceil(1024 / unit.length)).slice(0, 1024)
          const long = unit.repeat(Math.ceil(8192 / unit.length)).slice(0, 8192)
          expect(steps(pattern, long)).toBeLessThan(Math.max(40, steps(pattern, short) * 64))
        }
      }
    })
  },
)

/** Milliseconds of the fastest of five runs: a noisy machine makes some slow, never all. */
function steps(pattern: RegExp, text: string): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 5 && best > 0.2; run++) {
    const start = performance.now()
    pattern.test(text)
    best = Math.min(best, performance.now() - start)
  }
  return best
}
