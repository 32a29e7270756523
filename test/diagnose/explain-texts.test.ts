// `explain` held against real error texts: what client programs printed about real faults, messages as people paste
// them, answers of real gateways, and texts that are no errors at all.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { explain, loadKnowledge } from '../../src/engine/explain.ts'
import { isSameProduct, loadCorpus } from './corpus.ts'

interface Sample {
  /** Any of these articles first is right. */
  leadsTo: string[]
  text: string
  /** The program that printed it, and what was wrong. */
  from?: string
  fault?: string
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../data/explain/${name}.json`, import.meta.url), 'utf8'))
}

const samples = [...(read('clients') as Sample[]), ...(read('messages') as Sample[])]
const harmless = read('harmless') as string[]
const knowledge = loadKnowledge()

describe('explain()', () => {
  test('knows at least 150 real texts, and 50 harmless ones', () => {
    expect(samples.length).toBeGreaterThanOrEqual(150)
    expect(harmless.length).toBeGreaterThanOrEqual(50)
  })

  test.each(
    samples.map(({ leadsTo, text, from = 'pasted', fault = '' }, at) => ({
      name: `${at} ${from} ${fault}: ${text.slice(0, 60).replace(/\s+/g, ' ')}`,
      leadsTo,
      text,
    })),
  )('leads $name to the right article', async ({ leadsTo, text }) => {
    const { best, others } = await explain(text, knowledge)
    expect(
      leadsTo,
      `${best?.article} by ${best?.because.join(' | ')}; then ${others.map(({ article }) => article).join(', ')}`,
    ).toContain(best?.article)
  })

  test.each(harmless)('leads %j nowhere', async (text) => {
    const { best, others } = await explain(text, knowledge)
    expect([best?.because, others]).toEqual([undefined, []])
  })

  test('leads answers of real gateways to the article of their status or of their product, and names the product', async () => {
    const corpus = loadCorpus()
    const told = new Set<string>()
    const wrong: string[] = []
    let [count, named] = [0, 0]
    for (const capture of corpus.captures) {
      const { product, fault, status, observed } = capture
      if (observed !== 'error-response' || status === null || status < 400 || !knowledge.byStatus(status))
        continue
      if (told.has(product + fault)) continue
      told.add(product + fault)
      const { best } = await explain(corpus.bytesOf(capture), knowledge)
      count++
      const isOfProduct =
        best !== null && best.generator !== null && best.article.startsWith(best.generator.product)
      const isOfStatus = best !== null && best.article === knowledge.byStatus(status)?.id
      const isFiner = best?.because.some((why) => why.startsWith(`${status} `)) === true
      if (!isOfStatus && !isOfProduct && !isFiner)
        wrong.push(`${product} ${fault} ${status}: ${best?.article}`)
      if (best?.generator && isSameProduct(best.generator.product, product)) named++
    }
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThan(600)
    expect(named / count).toBeGreaterThan(0.93)
  })

  test('stays bounded on four megabytes of hostile text', async () => {
    const most = 4 * 1024 * 1024
    const hostile = [
      'error 502 ',
      'Caused by ',
      '<p>',
      'HTTP/1.1 502 x\nA: b\n',
      'ECONNREFUSED\n',
      '&#1;',
      '< HTTP/1.1 502\n',
    ]
    for (const piece of hostile) {
      const text = piece.repeat(Math.floor(most / piece.length))
      const { input } = await explain(text, knowledge)
      expect(input).toMatchObject({ truncated: true })
      expect(input.text.length).toBeLessThanOrEqual(4_000)
    }
  })
})
