// Reads an article: front matter in a small subset of YAML, then Markdown. Takes what is there; what is missing or
// wrong is for `articleProblems`, which a test asks and a reader never waits for.
import { LINKS, type Link, PARTIES, type Party } from '../model/diagnosis.ts'
import { PHASES, type Phase } from '../model/phase.ts'
import { type Article, MIN_PHRASE, OUTLINE, type Section } from './article.ts'

const TEXT_KEYS = ['id', 'title', 'summary', 'link', 'phase', 'party'] as const
const LIST_KEYS = ['codes', 'phrases', 'causes', 'related', 'sources'] as const

type FrontMatter = Map<string, string | string[]>

/** `---`, lines, `---`, the rest. Null when the text does not begin so. */
function splitFrontMatter(text: string): { head: string; body: string } | null {
  const unix = text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
  if (!unix.startsWith('---\n')) return null
  const end = unix.indexOf('\n---\n', 3)
  if (end < 0) return null
  return { head: unix.slice(4, end), body: unix.slice(end + 5).trim() }
}

/** Plain, 'single' or "double" quoted; what stands behind ` #` is a remark, as in YAML. */
function scalar(text: string): string {
  const given = text.trim()
  const quote = given.charAt(0)
  // Nearly every item: quoted, and nothing in it escaped.
  if (quote === '"' && !given.includes('\\')) {
    const end = given.indexOf(quote, 1)
    return given.slice(1, end < 0 ? undefined : end)
  }
  if (quote === '"' || quote === "'") {
    let value = ''
    for (let at = 1; at < given.length; at++) {
      const character = given.charAt(at)
      if (quote === '"' && character === '\\' && at + 1 < given.length) value += given.charAt(++at)
      else if (quote === "'" && character === quote && given.charAt(at + 1) === quote)
        value += given.charAt(++at)
      else if (character === quote) return value
      else value += character
    }
    return value
  }
  const remark = given.includes('#') ? given.search(/(?:^|\s)#/) : -1
  return remark < 0 ? given : given.slice(0, remark).trimEnd()
}

function readFrontMatter(head: string): FrontMatter {
  const found: FrontMatter = new Map()
  let list: string[] | null = null
  for (const line of head.split('\n')) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    if (trimmed === '-' || trimmed.startsWith('- ')) {
      list?.push(scalar(trimmed.slice(1)))
      continue
    }
    const colon = line.indexOf(':')
    if (colon < 0) continue
    const key = line.slice(0, colon).trim()
    const value = scalar(line.slice(colon + 1))
    if (value === '' || value === '[]') {
      list = []
      found.set(key, list)
    } else {
      list = null
      found.set(key, value)
    }
  }
  return found
}

/**
 * The article in a file's text; `id` is the file's name. Never throws: keys that are missing are empty, values that are
 * not among the known ones are null.
 */
export function parseArticle(text: string, id: string): Article {
  const parts = splitFrontMatter(text)
  const facts = readFrontMatter(parts?.head ?? '')
  const one = (key: (typeof TEXT_KEYS)[number]): string => {
    const value = facts.get(key)
    return typeof value === 'string' ? value : ''
  }
  const many = (key: (typeof LIST_KEYS)[number]): string[] => {
    const value = facts.get(key)
    if (value === undefined) return []
    return typeof value === 'string' ? [value] : value
  }
  const link = one('link')
  const phase = one('phase')
  const party = one('party')
  return {
    id,
    title: one('title') || id,
    summary: one('summary'),
    link: (LINKS as readonly string[]).includes(link) ? (link as Link) : null,
    phase: (PHASES as readonly string[]).includes(phase) ? (phase as Phase) : null,
    party: (PARTIES as readonly string[]).includes(party) ? (party as Party) : null,
    codes: many('codes'),
    phrases: many('phrases'),
    causes: many('causes'),
    related: many('related'),
    sources: many('sources'),
    body: parts?.body ?? text.trim(),
  }
}

/** The sections of an article's body, in the order they stand; text before the first heading is left out. */
export function sectionsOf(body: string): Section[] {
  const found: Section[] = []
  let fenced = false
  let lines: string[] | null = null
  const close = () => {
    const last = found.at(-1)
    if (last && lines) last.text = lines.join('\n').trim()
  }
  for (const line of body.split('\n')) {
    if (line.startsWith('```')) fenced = !fenced
    if (!fenced && line.startsWith('## ')) {
      close()
      found.push({ name: line.slice(3).trim(), text: '' })
      lines = []
    } else lines?.push(line)
  }
  close()
  return found
}

/** One sentence per breach of the article format; empty when all is well. Other articles are not looked at. */
export function articleProblems(text: string, id: string): string[] {
  const parts = splitFrontMatter(text)
  if (!parts) return ['has no front matter between two lines of ---']
  const found: string[] = []
  const facts = readFrontMatter(parts.head)
  const article = parseArticle(text, id)
  for (const key of facts.keys()) {
    if (![...TEXT_KEYS, ...LIST_KEYS].some((known) => known === key)) found.push(`has an unknown key ${key}`)
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) found.push('its file name is not kebab-case')
  if (facts.get('id') !== id) found.push(`its id is ${String(facts.get('id'))}, not its file name`)
  for (const key of ['title', 'summary'] as const) {
    if (typeof facts.get(key) !== 'string') found.push(`has no ${key} of one line`)
  }
  if (article.summary !== '' && !/[.!?]$/.test(article.summary)) found.push('its summary is no sentence')
  for (const key of ['link', 'phase', 'party'] as const) {
    if (article[key] === null) found.push(`its ${key} ${String(facts.get(key))} is none of the contract's`)
  }
  if (article.codes.length + article.phrases.length + article.causes.length === 0)
    found.push('nothing leads to it: no codes, phrases or causes')
  for (const phrase of article.phrases) {
    if (phrase.length < MIN_PHRASE)
      found.push(`its phrase ${JSON.stringify(phrase)} is shorter than ${MIN_PHRASE}`)
  }
  for (const key of LIST_KEYS) {
    const values = article[key]
    if (values.includes('')) found.push(`has an empty item in ${key}`)
    const doubled = values.filter((value, at) => values.indexOf(value) !== at)
    for (const value of new Set(doubled)) found.push(`names ${JSON.stringify(value)} twice in ${key}`)
  }
  if (article.sources.length === 0) found.push('names no sources')
  found.push(...outlineProblems(article.body))
  return found
}

function outlineProblems(body: string): string[] {
  const found: string[] = []
  const sections = sectionsOf(body)
  const names = sections.map(({ name }) => name)
  if (names.join('|') !== OUTLINE.join('|')) {
    const missing = OUTLINE.filter((name) => !names.includes(name))
    const foreign = names.filter((name) => !(OUTLINE as readonly string[]).includes(name))
    const words = [
      missing.length > 0 ? `lacks ${missing.join(', ')}` : '',
      foreign.length > 0 ? `has ${foreign.join(', ')}` : '',
    ].filter((part) => part !== '')
    found.push(`its sections are not the outline: ${words.join('; ') || 'another order'}`)
  }
  for (const { name, text } of sections) {
    if (text === '') found.push(`its section ${name} is empty`)
    if (name === 'In the cycle' && !(text.includes('```') && /\[[a-z]+\]/.test(text)))
      found.push('its section In the cycle draws no step in brackets')
    if (name === 'How to check' && !text.includes('`'))
      found.push('its section How to check names no command')
    if (name === 'What to do now' && !(text.includes('### Visitor') && text.includes('### ')))
      found.push('its section What to do now says nothing to the visitor')
  }
  return found
}
