// The rules of HTTP Archive 1.2 by hand, strict: every field of the format has its type, nothing is missing, and
// what is not of the format begins with an underscore. Includes what the importers of Chrome and Firefox demand.
type Rule = (value: unknown, path: string, errors: string[]) => void

interface Field {
  rule: Rule
  optional?: boolean
}

const text: Rule = (value, path, errors) => {
  if (typeof value !== 'string') errors.push(`${path} is no text`)
}

const nonEmptyText: Rule = (value, path, errors) => {
  if (typeof value !== 'string' || value === '') errors.push(`${path} is no text or empty`)
}

const finite: Rule = (value, path, errors) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) errors.push(`${path} is no number`)
}

/** Zero or more, or -1 where HAR allows "does not apply". */
function amount(orMinusOne: boolean): Rule {
  return (value, path, errors) => {
    finite(value, path, errors)
    if (typeof value === 'number' && value < 0 && !(orMinusOne && value === -1))
      errors.push(`${path} is ${value}`)
  }
}

/** ISO 8601 with milliseconds and zone, as both importers parse it. */
const dateTime: Rule = (value, path, errors) => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/.test(value)) {
    errors.push(`${path} is no date and time: ${String(value)}`)
  } else if (Number.isNaN(Date.parse(value))) errors.push(`${path} is no date: ${value}`)
}

const absoluteUrl: Rule = (value, path, errors) => {
  if (typeof value !== 'string' || !URL.canParse(value)) errors.push(`${path} is no URL: ${String(value)}`)
}

function listOf(rule: Rule): Rule {
  return (value, path, errors) => {
    if (!Array.isArray(value)) errors.push(`${path} is no list`)
    else value.forEach((item, index) => rule(item, `${path}[${index}]`, errors))
  }
}

function record(fields: Record<string, Field>): Rule {
  return (value, path, errors) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      errors.push(`${path} is no record`)
      return
    }
    const bag = value as Record<string, unknown>
    for (const [name, field] of Object.entries(fields)) {
      if (!(name in bag)) {
        if (!field.optional) errors.push(`${path}.${name} is missing`)
      } else field.rule(bag[name], `${path}.${name}`, errors)
    }
    for (const name of Object.keys(bag)) {
      if (!(name in fields) && !name.startsWith('_')) errors.push(`${path}.${name} is not of HAR 1.2`)
    }
  }
}

const comment: Field = { rule: text, optional: true }
const pair = record({ name: { rule: text }, value: { rule: text }, comment })
const cookie = record({
  name: { rule: nonEmptyText },
  value: { rule: text },
  path: { rule: text, optional: true },
  domain: { rule: text, optional: true },
  expires: { rule: dateTime, optional: true },
  comment,
})

const request = record({
  method: { rule: nonEmptyText },
  url: { rule: absoluteUrl },
  httpVersion: { rule: nonEmptyText },
  cookies: { rule: listOf(cookie) },
  headers: { rule: listOf(pair) },
  queryString: { rule: listOf(pair) },
  headersSize: { rule: amount(true) },
  bodySize: { rule: amount(true) },
  comment,
})

const content = record({
  size: { rule: amount(false) },
  compression: { rule: finite, optional: true },
  mimeType: { rule: nonEmptyText },
  text: { rule: text, optional: true },
  encoding: {
    rule: (value, path, errors) => {
      if (value !== 'base64') errors.push(`${path} is ${String(value)}`)
    },
    optional: true,
  },
  comment,
})

const response = record({
  status: { rule: amount(false) },
  statusText: { rule: text },
  httpVersion: { rule: text },
  cookies: { rule: listOf(cookie) },
  headers: { rule: listOf(pair) },
  content: { rule: content },
  redirectURL: { rule: text },
  headersSize: { rule: amount(true) },
  bodySize: { rule: amount(true) },
  comment,
})

const timings = record({
  blocked: { rule: amount(true), optional: true },
  dns: { rule: amount(true), optional: true },
  connect: { rule: amount(true), optional: true },
  ssl: { rule: amount(true), optional: true },
  send: { rule: amount(false) },
  wait: { rule: amount(false) },
  receive: { rule: amount(false) },
  comment,
})

const entry = record({
  pageref: { rule: nonEmptyText, optional: true },
  startedDateTime: { rule: dateTime },
  time: { rule: amount(false) },
  request: { rule: request },
  response: { rule: response },
  cache: {
    rule: record({
      beforeRequest: { rule: text, optional: true },
      afterRequest: { rule: text, optional: true },
      comment,
    }),
  },
  timings: { rule: timings },
  serverIPAddress: { rule: nonEmptyText, optional: true },
  connection: { rule: nonEmptyText, optional: true },
  comment,
})

const maker = record({ name: { rule: nonEmptyText }, version: { rule: nonEmptyText }, comment })

const log = record({
  version: {
    rule: (value, path, errors) => {
      if (value !== '1.2') errors.push(`${path} is ${String(value)}`)
    },
  },
  creator: { rule: maker },
  browser: { rule: maker, optional: true },
  pages: {
    rule: listOf(
      record({
        startedDateTime: { rule: dateTime },
        id: { rule: nonEmptyText },
        title: { rule: text },
        pageTimings: {
          rule: record({
            onContentLoad: { rule: amount(true), optional: true },
            onLoad: { rule: amount(true), optional: true },
            comment,
          }),
        },
        comment,
      }),
    ),
    optional: true,
  },
  entries: { rule: listOf(entry) },
  comment,
})

interface HarEntry {
  pageref?: string
  startedDateTime: string
  time: number
  timings: Record<string, number>
}

interface HarLog {
  pages: { id: string }[]
  entries: HarEntry[]
}

/** Every rule the document breaks, as a sentence with the path; empty when it is a valid HAR 1.2. */
export function harErrors(document: unknown): string[] {
  const errors: string[] = []
  record({ log: { rule: log } })(document, 'har', errors)
  if (errors.length > 0) return errors
  const { pages, entries } = (document as { log: HarLog }).log
  const ids = new Set(pages.map((page) => page.id))
  if (ids.size !== pages.length) errors.push('two pages have one id')
  let before = ''
  entries.forEach((one, index) => {
    const path = `entries[${index}]`
    if (one.pageref !== undefined && !ids.has(one.pageref)) errors.push(`${path}.pageref names no page`)
    if (one.startedDateTime < before) errors.push(`${path} is not in order of time`)
    before = one.startedDateTime
    const { blocked = -1, dns = -1, connect = -1, ssl = -1, send = 0, wait = 0, receive = 0 } = one.timings
    const sum = [blocked, dns, connect, send, wait, receive].reduce(
      (total, part) => total + Math.max(0, part),
      0,
    )
    if (Math.abs(sum - one.time) > 0.001)
      errors.push(`${path}.time is ${one.time}, its timings sum up to ${sum}`)
    if (ssl > connect) errors.push(`${path}.timings.connect does not include ssl`)
  })
  return errors
}
