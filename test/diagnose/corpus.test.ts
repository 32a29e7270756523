// The score on 2,222 answers of real gateways with known faults. The floors are those that were promised.
import { describe, expect, it } from 'vitest'
import { type Circumstance, isInFirstHalf, isVisible, judge, loadCorpus, score } from './corpus.ts'

const corpus = loadCorpus()

describe('judgeResponse() on the gateway captures', () => {
  const circumstances: Circumstance[] = ['as measured', 'other times', 'other names']
  it.each(circumstances)('keeps what was promised: %s', (circumstance) => {
    const s = score(corpus, circumstance)
    expect(s.visible).toBeGreaterThan(1800)
    expect(s.missed).toBe(0)
    expect(s.falseAlarms).toBe(0)
    expect(s.causeAmong / s.visible).toBeGreaterThanOrEqual(0.95)
    expect(s.causeFirst / s.visible).toBeGreaterThanOrEqual(0.65)
    expect(s.candidates / s.visible).toBeLessThanOrEqual(3.5)
    expect(s.wrongAlone / s.visible).toBeLessThanOrEqual(0.01)
    expect(s.generatorRight / s.written).toBeGreaterThanOrEqual(0.95)
    expect(s.generatorWrong / s.visible).toBeLessThan(0.01)
    expect(s.linkRight / s.visible).toBeGreaterThanOrEqual(0.95)
    expect(s.partyRight / s.visible).toBeGreaterThanOrEqual(0.95)
    expect(s.tellableAlone / s.tellable).toBeGreaterThanOrEqual(0.85)
  })

  it('keeps the truth among the causes without timing, ending and role', () => {
    const s = score(corpus, 'bytes alone')
    expect(s.causeAmong / s.visible).toBeGreaterThanOrEqual(0.95)
    expect(s.candidates / s.visible).toBeLessThanOrEqual(3.5)
    expect(s.wrongAlone / s.visible).toBeLessThanOrEqual(0.01)
    expect(s.generatorRight / s.written).toBeGreaterThanOrEqual(0.95)
  })

  it('is as good on either half of the faults', () => {
    for (const half of [true, false]) {
      const s = score(corpus, 'as measured', ({ fault }) => isInFirstHalf(fault) === half)
      expect(s.visible).toBeGreaterThan(500)
      expect(s.causeAmong / s.visible).toBeGreaterThanOrEqual(0.95)
      expect(s.wrongAlone / s.visible).toBeLessThanOrEqual(0.015)
    }
  })

  it('says nothing about healthy answers through every gateway', () => {
    const healthy = corpus.captures.filter(
      (capture) => corpus.truthOf(capture) === null && !isVisible(corpus, capture),
    )
    expect(healthy.length).toBeGreaterThan(50)
    const claims = healthy.filter((capture) => judge(corpus, capture) !== null)
    expect(claims.map(({ variant, fault }) => `${variant} ${fault}`)).toEqual([])
  })

  it('judges in less than a millisecond', () => {
    const times: number[] = []
    for (const capture of corpus.captures) {
      const start = performance.now()
      judge(corpus, capture)
      times.push(performance.now() - start)
    }
    times.sort((one, other) => one - other)
    expect(times[times.length >> 1]).toBeLessThan(1)
  })
})
