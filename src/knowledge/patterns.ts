// What in a text leads to an article: its phrases, its title, its codes, each with how much it says and what must stand
// around it. Finds all of them in one pass, linear whatever the text.
import type { Article } from './article.ts'
import { codeWords, FILLERS, normalWord } from './code-key.ts'
import { type Words, wordsOf, written } from './words.ts'

export interface Pattern {
  article: Article
  /** What a reader is told: the phrase or code as the article spells it. */
  spelling: string
  words: readonly string[]
  /** phrase: the words follow each other; code: words that say nothing may stand between. */
  kind: 'phrase' | 'code'
  weight: number
  /** number: only beside words that make it a code; exact: only in this very case. */
  needs: 'nothing' | 'context' | 'exact'
  /** Stands around the cause rather than naming it: never adds to anything. */
  umbrella: boolean
  /** One of the article's own codes, not a phrase or the name of a cause. */
  isOwnCode: boolean
}

export interface Hit {
  pattern: Pattern
  /** Index of the first word, and of the word behind the last. */
  from: number
  to: number
}

/** Hits kept per pass: an honest text has a few dozen, a log of a day not more than this. */
const MOST_HITS = 20_000
/** Words that say nothing, skipped at most between two words of a code. */
const MOST_FILLERS = 2

/** A bare number beside one of these is a code. */
const BEFORE_NUMBER: ReadonlySet<string> = new Set([
  'alert',
  'answered',
  'cloudflare',
  'code',
  'codigo',
  'código',
  'curl',
  'err',
  'errno',
  'erreur',
  'error',
  'errore',
  'exit',
  'failed',
  'fehler',
  'fehlercode',
  'foutcode',
  'getaddrinfo',
  'gai',
  'got',
  'heroku',
  'hresult',
  'http',
  'iis',
  'rcode',
  'received',
  'responded',
  'response',
  'returned',
  'returns',
  'returning',
  'sent',
  'socket',
  'status',
  'statuscode',
  'status_code',
  'upstream_status',
  'winhttp',
  'wininet',
  'winsock',
  'wsus',
  'wsa',
  'http_status',
  'http_code',
  'responsecode',
  'errorcode',
  'error_code',
])
const AFTER_NUMBER: ReadonlySet<string> = new Set(['error', 'errors', 'response', 'responses', 'status'])
/** Words between a number and what makes it a code that may stand there. */
const BETWEEN: ReadonlySet<string> = new Set([
  'a',
  'an',
  'is',
  'of',
  'the',
  'was',
  'with',
  'as',
  'number',
  ...FILLERS,
])
/** What is counted, after a number. */
const COUNTED: ReadonlySet<string> = new Set([
  'b',
  'bytes',
  'characters',
  'days',
  'euro',
  'files',
  'hours',
  'items',
  'kb',
  'km',
  'lines',
  'mb',
  'milliseconds',
  'min',
  'minutes',
  'ms',
  'pages',
  'people',
  'percent',
  'px',
  'rows',
  's',
  'sec',
  'seconds',
  'tests',
  'times',
  'users',
  'visitors',
])

/**
 * What only names the step in which it broke, and in real messages stands around the cause: exit codes, classes of
 * exceptions, first halves of messages. It leads to its article when nothing says more.
 */
const UMBRELLAS: ReadonlySet<string> = new Set([
  'aggregateerror',
  'certificate verify failed',
  'certificate_verify_failed',
  'connection aborted',
  'connectionerror',
  'econnreset',
  'eproto',
  'err_ssl_protocol_error',
  'errno 71',
  'failed to perform, curl',
  'fetch failed',
  'max retries exceeded with url',
  'maxretryerror',
  'protocolerror',
  'recv failure',
  'requests exceptions connectionerror',
  'server certificate verification failed',
  'ssl certificate problem',
  'ssl connect error',
  'sslcertverificationerror',
  'sslerror',
  'the requested url returned error',
  'tls_alert',
  'und_err_socket',
  'unable to establish ssl connection',
  'urlerror',
  'verification failed',
  'write eproto',
])
/** Exit codes of client programs. */
const EXIT_CODE = /^(?:exit|curl|wget|git|npm|apt|pip) \d{1,3}$/
const UMBRELLA_WEIGHT = 2.3

const PHRASE_BASE = 1.5
const PHRASE_PER_WORD = 0.35
const PHRASE_PER_CHARACTER = 0.02
const MOST_PHRASE = 8
/** Articles name no phrase that says nothing. */
const LEAST_PHRASE = 2.3
const SYMBOL_BASE = 4
/** Names of exceptions mostly wrap what is meant. */
const WRAPPER_WEIGHT = 2.6
const NUMBER_WEIGHT = 3
const TITLE_WEIGHT = 4

/** Everything in an article that leads to it from within a text. */
export function patternsOf(article: Article): Pattern[] {
  return allPatternsOf(article).map((pattern) => {
    const key = pattern.words.join(' ')
    // Statuses below 400 only accompany what went wrong.
    const accompanies = /^http-[1-3]\d\d$/.test(article.id)
    if (!accompanies && !UMBRELLAS.has(key) && !EXIT_CODE.test(key)) return pattern
    return { ...pattern, weight: Math.min(pattern.weight, UMBRELLA_WEIGHT), umbrella: true }
  })
}

function allPatternsOf(article: Article): Pattern[] {
  const found: Pattern[] = []
  for (const phrase of article.phrases) {
    const { words } = wordsOf(phrase)
    if (words.length === 0) continue
    const weight =
      PHRASE_BASE + PHRASE_PER_WORD * words.length + PHRASE_PER_CHARACTER * Math.min(phrase.length, 120)
    // One word with a mark in it, such as SSL_ERROR_SYSCALL, is as good as a code.
    const isSymbol = words.length === 1 && !/^[a-z]+$/.test(words[0] ?? '')
    found.push({
      article,
      spelling: phrase,
      words,
      kind: 'phrase',
      weight: isSymbol ? SYMBOL_BASE : Math.min(MOST_PHRASE, Math.max(LEAST_PHRASE, weight)),
      needs: 'nothing',
      umbrella: false,
      isOwnCode: false,
    })
  }
  for (const code of article.codes) {
    const pattern = codePattern(article, code)
    if (pattern) found.push(pattern)
  }
  for (const cause of article.causes) {
    if (!cause.includes('_')) continue
    found.push({
      article,
      spelling: cause,
      words: [cause.toLowerCase()],
      kind: 'code',
      weight: 3.5,
      needs: 'nothing',
      umbrella: false,
      isOwnCode: false,
    })
  }
  // "502 Bad Gateway": number and name together need no other context.
  const title = wordsOf(article.title).words
  if (/^\d{3,5}$/.test(title[0] ?? '') && title.length > 1 && title.length <= 6)
    found.push({
      article,
      spelling: article.title,
      words: title,
      kind: 'phrase',
      weight: TITLE_WEIGHT,
      needs: 'nothing',
      umbrella: false,
      isOwnCode: false,
    })
  return found
}

function codePattern(article: Article, code: string): Pattern | null {
  const words = codeWords(code)
  const [first = '', ...more] = words
  const made = (weight: number, needs: Pattern['needs']): Pattern => ({
    article,
    spelling: code,
    words,
    kind: 'code',
    weight,
    needs,
    umbrella: false,
    isOwnCode: true,
  })
  if (first === '') return null
  if (more.length > 0) {
    const length = words.join(' ').length
    if (!/\d/.test(code) && length < 10) return null
    if (words.every((word) => /^-?[\d.]+$/.test(word))) return null
    return made(Math.min(7, 3 + 0.3 * words.length + length / 15), 'nothing')
  }
  if (/^-?[\d.]+$/.test(first)) return first.length < 3 ? null : made(NUMBER_WEIGHT, 'context')
  const plain = /^[a-z]+$/.test(first)
  if (first.length <= 4 && !plain) return made(NUMBER_WEIGHT, 'context')
  if (!plain) return made(SYMBOL_BASE + Math.min(3, first.length / 12), 'nothing')
  const name = code.match(/[A-Za-z]+$/)?.[0] ?? ''
  const inner = /[a-z][A-Z]/.test(name)
  if (inner) return made(/(Exception|Error)$/.test(name) ? WRAPPER_WEIGHT : SYMBOL_BASE, 'nothing')
  if (name === name.toUpperCase() && name.length >= 3) return made(SYMBOL_BASE, 'exact')
  // An ordinary word: only a code when it stands alone.
  return null
}

/** Finds patterns in texts. Each is kept under the one of its words that the fewest others share. */
export class PatternIndex {
  readonly #phrases = new Map<string, { pattern: Pattern; at: number }[]>()
  readonly #codes = new Map<string, Pattern[]>()

  constructor(patterns: readonly Pattern[]) {
    const uses = new Map<string, number>()
    for (const { kind, words } of patterns)
      if (kind === 'phrase') for (const word of words) uses.set(word, (uses.get(word) ?? 0) + 1)
    for (const pattern of patterns) {
      if (pattern.kind === 'code') {
        const first = pattern.words[0] ?? ''
        this.#codes.set(first, [...(this.#codes.get(first) ?? []), pattern])
        continue
      }
      let at = 0
      for (let index = 1; index < pattern.words.length; index++) {
        if ((uses.get(pattern.words[index] ?? '') ?? 0) < (uses.get(pattern.words[at] ?? '') ?? 0)) at = index
      }
      const word = pattern.words[at] ?? ''
      this.#phrases.set(word, [...(this.#phrases.get(word) ?? []), { pattern, at }])
    }
  }

  /** Every place in the text where a pattern stands, in order of the text. */
  find(text: Words): Hit[] {
    const hits: Hit[] = []
    const { words } = text
    for (let at = 0; at < words.length && hits.length < MOST_HITS; at++) {
      const word = words[at] as string
      const phrases = this.#phrases.get(word)
      if (phrases) {
        for (const entry of phrases) {
          const from = at - entry.at
          if (from >= 0 && standsAt(words, from, entry.pattern.words))
            hits.push({ pattern: entry.pattern, from, to: from + entry.pattern.words.length })
        }
      }
      const codes = this.#codes.get(normalWord(word))
      if (codes) {
        for (const pattern of codes) {
          const to = codeEnd(words, at, pattern.words)
          if (to > 0 && mayStand(pattern, text, at, to)) hits.push({ pattern, from: at, to })
        }
      }
    }
    return hits
  }
}

function standsAt(words: readonly string[], from: number, wanted: readonly string[]): boolean {
  if (from + wanted.length > words.length) return false
  for (let index = 0; index < wanted.length; index++) if (words[from + index] !== wanted[index]) return false
  return true
}

/** Index behind the last word of a code that starts at `from`; 0 when it does not stand there. */
function codeEnd(words: readonly string[], from: number, wanted: readonly string[]): number {
  let at = from + 1
  // Node prints the numbers of the system with a minus: `errno: -111`.
  const minus = words[from] === 'errno' ? '-' : ''
  for (let index = 1; index < wanted.length; index++) {
    let skipped = 0
    while (words[at] !== wanted[index] && words[at] !== minus + wanted[index]) {
      if (!FILLERS.has(words[at] ?? '') || ++skipped > MOST_FILLERS) return 0
      at++
    }
    at++
  }
  return at
}

function mayStand(pattern: Pattern, text: Words, from: number, to: number): boolean {
  if (pattern.needs === 'nothing') return true
  if (pattern.needs === 'exact') {
    const name = /[A-Za-z]+$/.exec(pattern.spelling)?.[0] ?? pattern.spelling
    return written(text, from) === name
  }
  const { words } = text
  // `errno: -104` is the system's 104, and no browser's -104.
  if (words[from]?.startsWith('-') && words[from - 1] === 'errno') return false
  if (COUNTED.has(words[to] ?? '')) return false
  if (AFTER_NUMBER.has(words[to] ?? '') && isNeighbour(text, from, to)) return true
  let at = from - 1
  for (let steps = 0; steps < 3 && at >= 0; steps++, at--) {
    const word = words[at] ?? ''
    if (!isNeighbour(text, at, from)) return false
    if (BEFORE_NUMBER.has(word)) return true
    // `HTTP/1.1 502`: the version stands between.
    const isVersion = words[at - 1] === 'http' && /^[0-3](\.\d)?$/.test(word)
    if (!isVersion && !BETWEEN.has(word)) return false
  }
  return false
}

/** On one line, and not the parts of a URL. */
function isNeighbour({ text, starts }: Words, from: number, to: number): boolean {
  const between = text.slice(starts[from] ?? 0, starts[to] ?? text.length)
  return !between.includes('\n') && !between.includes('//')
}
