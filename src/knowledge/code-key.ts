// The many spellings of one code, brought to one: `HTTP/1.1 502`, `0x80244021`, `-2145107935`, `curl: (56)`,
// `net::ERR_FAILED`, `[Errno 111]`. Knows how codes are written, not which exist.
import { wordsOf } from './words.ts'

/** Words around a code that say nothing about which one it is. */
export const FILLERS: ReadonlySet<string> = new Set([
  'code',
  'codes',
  'error',
  'errors',
  'exit',
  'fehler',
  'fehlercode',
  'http',
  'https',
  'net',
  'no',
  'nr',
  'number',
  'returned',
  'status',
  'statuscode',
  'the',
])

/** Who reports: a code is also looked up without these words. */
const REPORTERS: ReadonlySet<string> = new Set([
  'alb',
  'apache',
  'aws',
  'chrome',
  'cloudflare',
  'dns',
  'domain',
  'edge',
  'elb',
  'errno',
  'firefox',
  'heroku',
  'hresult',
  'iis',
  'java',
  'javax',
  'linux',
  'netlify',
  'nginx',
  'node',
  'nsurl',
  'nsurlerrordomain',
  'openssl',
  'os',
  'python',
  'rcode',
  'reason',
  'requests',
  'safari',
  'socket',
  'ssl',
  'tls',
  'update',
  'urllib3',
  'vercel',
  'windows',
  'winhttp',
  'wininet',
  'winsock',
  'wsus',
])

/** Longest text that can be a code. */
export const MAX_CODE_CHARS = 120

const MINUS = 0x2d
const ZERO = 0x30
const NINE = 0x39

const WIN32_HRESULT = 0x8007_0000
/** Win32 codes of sockets and of the Internet functions; below, the numbers mean too many things. */
const FIRST_NETWORK_WIN32 = 10_000
const LAST_NETWORK_WIN32 = 13_000

/** One word in its only spelling: HRESULTs as `0x` and eight digits, everything else as it is. */
export function normalWord(word: string): string {
  // Only what begins like a number and is long enough for one of 32 bits can be a HRESULT.
  const first = word.charCodeAt(0)
  if (word.length < 8 || (first !== MINUS && (first < ZERO || first > NINE))) return word
  if (/^8[0-9a-f]{7}$/.test(word)) return `0x${word}`
  if (/^0x0*[0-9a-f]{8}$/.test(word)) return `0x${word.slice(-8)}`
  if (/^(-\d{10}|\d{10})$/.test(word)) {
    const value = Number(word)
    const unsigned = value < 0 ? value + 2 ** 32 : value
    if (unsigned >= 2 ** 31 && unsigned < 2 ** 32) return `0x${unsigned.toString(16)}`
  }
  return word
}

/** The words of a code without those that say nothing; all of them when nothing would be left. */
export function codeWords(code: string): string[] {
  if (isOneWord(code)) return [normalWord(code.toLowerCase())]
  // Flags of HAProxy's log are nothing but letters without their dashes, and their case counts: `SH--`, `sH--`.
  const flags = /^\s*([a-z]{2}-{2})\s*$/i.exec(code)
  if (flags) return [flags[1] ?? '']
  const all = wordsOf(code.slice(0, MAX_CODE_CHARS)).words.map(normalWord)
  // The version of HTTP is no part of a code, and would look like one.
  const words = all.filter(
    (word, at) => !(all[at - 1] === 'http' && /^[0-3](\.\d)?$/.test(word) && at + 1 < all.length),
  )
  // "exit code 56" without a program is still more than a number.
  const telling = words.filter((word, at) => !FILLERS.has(word) || (word === 'exit' && at === 0))
  return telling.length > 0 ? telling : words
}

/** True for letters, digits and underscores alone: most codes, which need no cutting into words. */
function isOneWord(code: string): boolean {
  if (code.length === 0 || code.length > MAX_CODE_CHARS) return false
  for (let at = 0; at < code.length; at++) {
    const unit = code.charCodeAt(at)
    const letter = (unit | 32) >= 0x61 && (unit | 32) <= 0x7a
    if (!letter && !(unit >= ZERO && unit <= NINE) && unit !== 0x5f) return false
  }
  return true
}

/** The one spelling of a code, for looking it up. Empty when the text holds no word. */
export function codeKey(code: string): string {
  return codeWords(code).join(' ')
}

/** A code and the spellings it may also be meant by, the most exact first. */
export function codeKeys(text: string): string[] {
  const keys = new Set<string>()
  const words = codeWords(text)
  for (let from = 0; from < words.length; from++) {
    if (from > 0 && !REPORTERS.has(words[from - 1] ?? '')) break
    const key = words.slice(from).join(' ')
    // Numbers of one or two digits mean nothing without who said them.
    if (from > 0 && /^-?\d{1,2}$/.test(key)) break
    keys.add(key)
  }
  const [only = '', ...more] = words
  if (more.length === 0) for (const key of otherSpellings(only)) keys.add(key)
  // A class name with its package: the last part is the name.
  if (/^[a-z_$][\w$]*(\.[a-z_$][\w$]*)+$/i.test(text.trim())) keys.add(words.at(-1) ?? '')
  keys.delete('')
  return [...keys]
}

function otherSpellings(word: string): string[] {
  const found: string[] = []
  const hresult = /^0x([0-9a-f]{8})$/.exec(word)
  if (hresult) {
    const low = Number.parseInt(hresult[1] ?? '', 16) - WIN32_HRESULT
    if (low >= FIRST_NETWORK_WIN32 && low <= LAST_NETWORK_WIN32) found.push(String(low))
  }
  if (/^\d{5}$/.test(word)) {
    const low = Number(word)
    if (low >= FIRST_NETWORK_WIN32 && low <= LAST_NETWORK_WIN32)
      found.push(`0x${(WIN32_HRESULT + low).toString(16)}`)
  }
  const prefixed = /^(?:http_?|e)(\d{3})$/.exec(word)
  if (prefixed) found.push(prefixed[1] ?? '')
  if (word.startsWith('wsa')) found.push(word.slice(3))
  if (/^e[a-z]{3,}$/.test(word)) found.push(`wsa${word}`)
  return found
}
