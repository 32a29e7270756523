import { describe, expect, test } from 'vitest'
import {
  asciiFromEnvironment,
  canRedraw,
  colourFromEnvironment,
  columnsFromEnvironment,
} from './environment.ts'

describe('colourFromEnvironment()', () => {
  test.each<[string, boolean, Record<string, string>, boolean]>([
    ['a terminal has colours', true, {}, true],
    ['a pipe has none', false, {}, false],
    ['NO_COLOR takes them away', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR says nothing', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR brings them', false, { FORCE_COLOR: '1' }, true],
    ['an empty FORCE_COLOR brings them too', false, { FORCE_COLOR: '' }, true],
    ['FORCE_COLOR=0 takes them away', true, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR wins over FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['a dumb terminal has none', true, { TERM: 'dumb' }, false],
  ])('%s', (_claim, terminal, env, colours) => {
    expect(colourFromEnvironment(terminal, env)).toBe(colours)
  })
})

describe('asciiFromEnvironment()', () => {
  test.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ LANG: 'C' }, true],
    [{ LANG: 'POSIX' }, true],
    [{ LANG: 'C.UTF-8' }, false],
    [{ LC_ALL: 'C', LANG: 'de_DE.UTF-8' }, true],
    [{ LC_ALL: '', LC_CTYPE: 'en_GB.UTF-8', LANG: 'C' }, false],
  ])('%j', (env, ascii) => {
    expect(asciiFromEnvironment(env)).toBe(ascii)
  })
})

test('columnsFromEnvironment() takes only a number of columns', () => {
  expect(columnsFromEnvironment({ COLUMNS: '100' })).toBe(100)
  for (const COLUMNS of ['', '0', '-3', 'wide', '1.5']) expect(columnsFromEnvironment({ COLUMNS })).toBeNull()
  expect(columnsFromEnvironment({})).toBeNull()
})

test('canRedraw() leaves a dumb terminal alone', () => {
  expect(canRedraw({ TERM: 'xterm' })).toBe(true)
  expect(canRedraw({ TERM: 'dumb' })).toBe(false)
})
