// Reads the files that options name. A file that cannot be read is the caller's mistake, told with the option's name.
import { readFileSync } from 'node:fs'
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

function readInput(option: string, path: string, maxBytes: number): Buffer {
  let bytes: Buffer
  try {
    // Descriptor 0: `-` stands for standard input.
    bytes = readFileSync(path === '-' ? 0 : path)
  } catch (error) {
    throw mistake(
      `${option} ${quoted(path)} cannot be read: ${reasonOf(error)}; name a file that this user may read`,
      error,
    )
  }
  if (bytes.length > maxBytes) {
    throw mistake(`${option} ${quoted(path)} is larger than ${maxBytes / 1_048_576} MiB; name a smaller file`)
  }
  return bytes
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
