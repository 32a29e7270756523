import type { WriteStream } from 'node:tty'
import { describe, expect, test } from 'vitest'
import { sampleObservation } from '../../test/golden/sample-result.ts'
import { fakeClock } from '../../test/fake-clock.ts'
import { progressText, startProgress } from './progress.ts'

function terminal(columns: number): { stream: WriteStream; written: string[] } {
  const written: string[] = []
  const stream = { columns, write: (text: string) => written.push(text) } as unknown as WriteStream
  return { stream, written }
}

describe('startProgress()', () => {
  test('draws what is open, within the width, and removes it at the end', () => {
    const clock = fakeClock()
    const { stream, written } = terminal(30)
    const progress = startProgress(stream, false, clock)
    const resolve = sampleObservation('resolve', { host: 'a-rather-long-name.example.test' }, null)
    progress.saw(resolve, true)
    clock.advance(300)
    expect(written.at(-1)).toBe('\rlooking up the name a-rather…\x1b[K')
    progress.saw(resolve, false)
    progress.saw(sampleObservation('wait', {}, null), true)
    clock.advance(1_000)
    expect(written.at(-1)).toBe('\rwaiting for the answer 1.0 s\x1b[K')
    progress.end()
    expect(written.at(-1)).toBe('\r\x1b[K')
    expect(clock.pending()).toBe(0)
  })

  test('names the looks that are taken', () => {
    const clock = fakeClock()
    const { stream, written } = terminal(80)
    const progress = startProgress(stream, false, clock)
    progress.look('cache', true)
    progress.look('paths', true)
    progress.saw(sampleObservation('wait', {}, null), true)
    clock.advance(300)
    expect(written.at(-1)).toBe('\rlooking further (cache, paths): waiting for the answer 0.3 s\x1b[K')
    progress.look('cache', false)
    clock.advance(100)
    expect(written.at(-1)).toContain('looking further (paths): ')
    progress.look('paths', false)
    clock.advance(100)
    expect(written.at(-1)).toMatch(/^\rwaiting/)
    progress.end()
  })

  test('draws nothing for what is quick', () => {
    const clock = fakeClock()
    const { stream, written } = terminal(80)
    const progress = startProgress(stream, false, clock)
    progress.saw(sampleObservation('wait', {}, null), true)
    clock.advance(150)
    progress.end()
    clock.advance(1_000)
    expect(written).toEqual([])
  })
})

test('progressText() is safe and has words for what is open', () => {
  const hostile = sampleObservation('dns_query', { name: 'a\x1b[2J.test' }, null)
  expect(progressText(hostile, 1_234, false)).toBe('asking a resolver a\\x1b[2J.test 1.2 s')
})
