import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WhydownError } from '../model/error.ts'
import { openSaveFile } from './save-file.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whydown-save-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

test('openSaveFile() replaces a file only when all is written', () => {
  const path = join(folder, 'evidence.json')
  writeFileSync(path, 'old')
  const file = openSaveFile('--save', path)
  file.write('new é')
  expect(readFileSync(path, 'utf8')).toBe('old')
  file.commit()
  expect(readFileSync(path, 'utf8')).toBe('new é')
  expect(readdirSync(folder)).toEqual(['evidence.json'])
})

test('openSaveFile() leaves nothing behind when it is given up', () => {
  const file = openSaveFile('--save', join(folder, 'evidence.json'))
  file.write('half')
  file.discard()
  expect(readdirSync(folder)).toEqual([])
})

test('openSaveFile() replaces what a symbolic link points at, not the link', () => {
  writeFileSync(join(folder, 'real.json'), 'old')
  symlinkSync(join(folder, 'real.json'), join(folder, 'link.json'))
  const file = openSaveFile('--save', join(folder, 'link.json'))
  file.write('new')
  file.commit()
  expect(readFileSync(join(folder, 'real.json'), 'utf8')).toBe('new')
})

test('openSaveFile() writes to a device without replacing it', () => {
  const file = openSaveFile('--save', '/dev/null')
  file.write('gone')
  file.commit()
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
})

test('openSaveFile() refuses at once what cannot be written', () => {
  mkdirSync(join(folder, 'folder'))
  for (const path of [join(folder, 'missing', 'evidence.json'), join(folder, 'folder'), '']) {
    expect(() => openSaveFile('--save', path)).toThrow(WhydownError)
    expect(() => openSaveFile('--save', path)).toThrow(/^--save ".*" cannot be written: .*; name a file/)
  }
  expect(readdirSync(folder)).toEqual(['folder'])
})
