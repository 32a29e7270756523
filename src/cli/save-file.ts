// Writes a file whole or not at all: beside it first, then renamed over it.
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { reasonOf } from './input-files.ts'
import { mistake, quoted } from './values.ts'

export interface SaveFile {
  write(text: string): void
  /** Puts the file in its place. */
  commit(): void
  /** Gives up: nothing is left behind. */
  discard(): void
}

/**
 * Opens the file to save to, before any work is done, so that a place that cannot be written is told at once. A
 * device or pipe (`/dev/stderr`) is written directly, a symbolic link's target is what is replaced.
 */
export function openSaveFile(option: string, path: string): SaveFile {
  const told = <Value>(run: () => Value): Value => {
    try {
      return run()
    } catch (error) {
      throw cannotWrite(option, path, error)
    }
  }
  const file = told(() => {
    const target = resolved(path)
    if (isSpecial(target)) return direct(target)
    const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
    return beside(openSync(temporary, 'wx', 0o644), temporary, target)
  })
  return {
    write: (text) => told(() => file.write(text)),
    commit: () => told(() => file.commit()),
    discard: () => file.discard(),
  }
}

function cannotWrite(option: string, path: string, error: unknown): Error {
  return mistake(
    `${option} ${quoted(path)} cannot be written: ${reasonOf(error)}; name a file that this user may write`,
    error,
  )
}

function resolved(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && path !== '') return path
    throw error
  }
}

/** True for what exists and is no regular file; opening a directory for writing throws, which is the wanted answer. */
function isSpecial(path: string): boolean {
  let file: number
  try {
    file = openSync(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  try {
    return !fstatSync(file).isFile()
  } finally {
    closeSync(file)
  }
}

function direct(path: string): SaveFile {
  const file = openSync(path, 'w')
  return {
    write: (text) => void writeSync(file, text),
    commit: () => closeSync(file),
    discard: () => closeSync(file),
  }
}

function beside(file: number, temporary: string, target: string): SaveFile {
  return {
    write(text) {
      const bytes = Buffer.from(text, 'utf8')
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
    },
    commit() {
      fsyncSync(file)
      closeSync(file)
      renameSync(temporary, target)
    },
    discard() {
      closeSync(file)
      rmSync(temporary, { force: true })
    },
  }
}
