import { expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '../model/check-options.ts'
import { WhydownError } from '../model/error.ts'
import { warmUp } from './warm-up.ts'

const handles = (): string[] => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))

it('warmUp() leaves nothing open', async () => {
  const before = handles().length
  await warmUp(null)
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(handles().length).toBeLessThanOrEqual(before)
})

it('warmUp() refuses a certificate that is none before anything is checked', async () => {
  await expect(warmUp({ ...DEFAULT_OPTIONS.tls, ca: 'no PEM' })).rejects.toBeInstanceOf(WhydownError)
})
