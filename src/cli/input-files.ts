// Reads the files that options name. A file that cannot be read is the caller's mistake, told with the option's name.
import { closeSync, openSync, readSync } from 'node:fs'
import { mistake, quoted } from './values.ts'

/** Largest file taken as request content. */
const MAX_CONTENT_BYTES = 64 * 1024 * 1024
/** Largest certificate or key file; the whole Mozilla bundle is a quarter of a MiB. */
const MAX_PEM_BYTES = 8 * 1024 * 1024

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a directory',
  ENOTDIR: 'part of its path is not a directory',
}

/** Why the system refuses a path, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return REASONS[code ?? ''] ?? message
}

/** Read at once; files are read until they end, whatever size they claim to have (pipes, `/dev/zero`). */
const PIECE_BYTES = 256 * 1024

/** The bytes of a file, `-` for standard input; never more than `maxBytes` of it are read. */
export function readInput(option: string, path: string, maxBytes: number): Buffer {
  const pieces: Buffer[] = []
  let total = 0
  try {
    // Descriptor 0: `-` stands for standard input.
    const file = path === '-' ? 0 : openSync(path, 'r')
    try {
      while (total <= maxBytes) {
        const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, maxBytes + 1 - total))
        const read = readPiece(file, piece)
        if (read === 0) break
        pieces.push(piece.subarray(0, read))
        total += read
      }
    } finally {
      if (file !== 0) closeSync(file)
    }
  } catch (error) {
    throw mistake(
      `${option} ${quoted(path)} cannot be read: ${reasonOf(error)}; name a file that this user may read`,
      error,
    )
  }
  if (total > maxBytes) {
    throw mistake(`${option} ${quoted(path)} is larger than ${maxBytes / 1_048_576} MiB; name a smaller file`)
  }
  return Buffer.concat(pieces, total)
}

/** One read; a pipe or terminal that has nothing yet (EAGAIN) is waited for without spinning. */
function readPiece(file: number, piece: Buffer): number {
  for (;;) {
    try {
      return readSync(file, piece)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}

/** Request content: the text itself, or `@FILE`, or `@-` for standard input. */
export function readContent(option: string, text: string): Uint8Array {
  if (!text.startsWith('@')) return Buffer.from(text, 'utf8')
  return readInput(option, text.slice(1), MAX_CONTENT_BYTES)
}

/** A PEM file that holds at least one block whose label matches. */
export function readPem(option: string, path: string, label: RegExp, what: string): string {
  const text = readInput(option, path, MAX_PEM_BYTES).toString('latin1')
  if (!label.test(text)) {
    throw mistake(
      `${option} ${quoted(path)} holds no ${what} in PEM form; convert it, for example with openssl, and name the PEM file`,
    )
  }
  return text
}

/** The first line of a file, for a secret that should not stand on the command line. */
export function readSecret(option: string, path: string): string {
  const line = readInput(option, path, MAX_PEM_BYTES).toString('utf8').split(/\r?\n/, 1)[0] ?? ''
  if (line === '')
    throw mistake(`${option} ${quoted(path)} has an empty first line; put the passphrase there`)
  return line
}
