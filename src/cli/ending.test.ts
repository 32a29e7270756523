import { afterEach, expect, test, vi } from 'vitest'
import { WhydownError } from '../model/error.ts'
import { exitStatus, tellMistake } from './ending.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

function told(error: unknown): string {
  let text = ''
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  tellMistake(error)
  write.mockRestore()
  return text
}

test('tellMistake() tells a mistake and its remedy in one line', () => {
  expect(told(new WhydownError('usage', '--ca "x" cannot be read', { hint: 'Name a PEM file' }))).toBe(
    'whydown: --ca "x" cannot be read. Name a PEM file.\n',
  )
  expect(told(new WhydownError('usage', 'bad "\x1b[31m\u202e\n"!'))).toBe('whydown: bad " [31m "!\n')
})

test('tellMistake() calls a bug of ours by its name, and shows the stack only when asked to', () => {
  vi.stubEnv('WHYDOWN_DEBUG', '')
  const bug = new TypeError('x is not a function')
  expect(told(bug)).toBe('whydown: x is not a function. This is a bug in whydown, not in the site.\n')
  vi.stubEnv('WHYDOWN_DEBUG', '1')
  expect(told(bug)).toContain('ending.test.ts')
  expect(told('no error at all')).toContain('no error at all. This is a bug')
})

test('exitStatus() follows the convention of monitoring plugins', () => {
  expect((['up', 'degraded', 'down', 'unknown'] as const).map(exitStatus)).toEqual([0, 1, 2, 3])
})
