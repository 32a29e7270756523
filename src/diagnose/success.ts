// Answers with a good status: cut short, wrapped, stale, empty, with an error page in them, or simply fine.
import type { Cause } from '../model/diagnosis.ts'
import { recogniseProtocol } from '../wire/protocol-greeting.ts'
import { type Answer, contentText, fieldOf } from './answer.ts'
import { ERROR_TEXTS } from './error-texts.ts'
import { parseCacheStatus, readAge, readCacheAnswers } from './hops/cache-status.ts'
import {
  type Circumstances,
  findReading,
  type Look,
  MADE_THRESHOLD,
  type Match,
  placeOf,
  SEEN_THRESHOLD,
} from './match.ts'
import { isSlow, type ResponseInput, stalled, type Verdict } from './verdict.ts'

/** How much of the end of the content is searched for an appended error. */
const TAIL_BYTES = 4096
/** An appended error text is at most this long. */
const APPENDED_TEXT_CHARACTERS = 240
/** A page longer than this is no canned error page. */
const CANNED_PAGE_BYTES = 6000

function verdict(causes: readonly Cause[], says: string[], more: Partial<Verdict> = {}): Verdict {
  return { causes, says, operator: [], visitor: [], author: null, ...more }
}

/** Placeholder and parking pages, and blocks that come with a good status. Whole phrases of their markup or title. */
export const PLACEHOLDERS: readonly { text: string; cause: Cause; says: string }[] = [
  { text: '<title>welcome to nginx!</title>', cause: 'placeholder_page', says: 'the welcome page of nginx' },
  {
    text: '<title>apache2 debian default page: it works</title>',
    cause: 'placeholder_page',
    says: 'the default page of Apache on Debian',
  },
  {
    text: '<title>apache2 ubuntu default page: it works</title>',
    cause: 'placeholder_page',
    says: 'the default page of Apache on Ubuntu',
  },
  {
    text: '<html><body><h1>it works!</h1></body></html>',
    cause: 'placeholder_page',
    says: 'the "It works!" page of Apache',
  },
  {
    text: '<title>http server test page powered by',
    cause: 'placeholder_page',
    says: 'the test page of a fresh server',
  },
  { text: '<title>iis windows server</title>', cause: 'placeholder_page', says: 'the welcome page of IIS' },
  { text: '<title>caddy works!</title>', cause: 'placeholder_page', says: 'the welcome page of Caddy' },
  {
    text: '<title>default web site page</title>',
    cause: 'placeholder_page',
    says: 'the default page of cPanel',
  },
  { text: '<title>plesk ', cause: 'placeholder_page', says: 'a default page of Plesk' },
  {
    text: '/cgi-sys/defaultwebpage.cgi',
    cause: 'placeholder_page',
    says: 'a redirect to the default page of cPanel',
  },
  { text: 'welcome to openresty!', cause: 'placeholder_page', says: 'the welcome page of OpenResty' },
  { text: '<title>welcome to centos</title>', cause: 'placeholder_page', says: 'the welcome page of CentOS' },
  { text: 'window.park = "', cause: 'parked_domain', says: 'a parking page' },
  { text: 'sedoparking.com', cause: 'parked_domain', says: 'a parking page of Sedo' },
  { text: 'parkingcrew.net', cause: 'parked_domain', says: 'a parking page of ParkingCrew' },
  { text: 'this domain may be for sale', cause: 'parked_domain', says: 'an offer to sell the domain' },
  {
    text: 'the requested url was rejected. please consult with your administrator.',
    cause: 'access_blocked',
    says: 'the block page of F5 ASM',
  },
  {
    text: '<title>just a moment...</title>',
    cause: 'access_blocked',
    says: 'a browser challenge of Cloudflare',
  },
  { text: 'fortigate application control', cause: 'access_blocked', says: 'a block page of FortiGate' },
  { text: '/cgi-bin/blockoptions.cgi', cause: 'access_blocked', says: 'a block page of Forcepoint' },
]

function cutShort(look: Look, matches: readonly Match[], input: ResponseInput): Verdict | null {
  const { answer } = look
  if (answer.framed === 'broken') {
    return verdict(
      ['http_protocol_error'],
      [
        answer.byName.has('content-length') && !answer.byName.has('transfer-encoding')
          ? 'Its Content-Length is no single number, so nobody knows where it ends.'
          : 'Its chunked coding is broken.',
      ],
    )
  }
  if (answer.framed === 'cut') {
    // A gateway that reads chunks ends them like this as well when it meets a broken one; a relay shows it as it is.
    const gateway = matches.some(
      ({ seen, fingerprint }) =>
        seen >= SEEN_THRESHOLD && fingerprint.role !== 'application' && !fingerprint.relaysChunks,
    )
    const chunked = answer.byName.has('transfer-encoding')
    const said =
      answer.declaredLength !== null
        ? `The content ends after ${answer.content.length} of ${answer.declaredLength} bytes.`
        : 'The content ends without the last chunk.'
    if (stalled(input) === null) {
      return verdict(['http_response_incomplete', 'http_response_timeout'], [said])
    }
    if (stalled(input)) {
      const says = [said, 'It stood still before it ended: a time-out of a hop, or ours.']
      // Gateways end the answer as soon as their upstream does; Node.js programs tend to leave the visitor hanging.
      return matches.some(
        ({ seen, fingerprint }) => seen >= SEEN_THRESHOLD && fingerprint.id === 'node-http',
      ) || input.overHttp2
        ? verdict(['http_response_timeout', 'http_response_incomplete'], says)
        : verdict(['http_response_timeout'], says)
    }
    return chunked && gateway
      ? verdict(['http_response_incomplete', 'http_response_transfer_coding'], [said])
      : verdict(['http_response_incomplete'], [said])
  }
  if (input.ended === 'timeout' && answer.framed === 'open') {
    return verdict(
      ['http_response_timeout', 'http_response_incomplete'],
      ['The content stood still until we gave up.'],
    )
  }
  if (input.ended === 'rst' && answer.framed === 'open') {
    return verdict(['http_response_incomplete'], ['The connection was reset before the end of the content.'])
  }
  return null
}

/** Fields of the head that contradict themselves although the rest was readable. */
function headTrouble(answer: Answer, input: ResponseInput): Verdict | null {
  if (answer.status === 101 && !input.upgradeAsked) {
    return verdict(['http_protocol_error'], ['The answer switches protocols although nobody asked for it.'])
  }
  const lengths = answer.byName.get('content-length')
  if (lengths && lengths.length > 1 && new Set(lengths).size > 1) {
    return verdict(['http_protocol_error'], ['There are two Content-Length fields that differ.'])
  }
  if (answer.badFieldLine !== null) {
    return verdict(
      ['http_protocol_error'],
      [`A line of the head is no field: ${JSON.stringify(answer.badFieldLine.slice(0, 80))}.`],
      {
        effect: 'remark',
      },
    )
  }
  const coding = answer.byName.get('transfer-encoding')?.join(',').trim().toLowerCase()
  if (coding && !/^((gzip|x-gzip|deflate|compress|identity)\s*,\s*)*chunked$/.test(coding)) {
    return verdict(
      ['http_protocol_error', 'http_response_transfer_coding'],
      [`Transfer-Encoding is "${coding.slice(0, 60)}".`],
      {
        effect: 'remark',
      },
    )
  }
  return null
}

/** Something that was no HTTP and became a 200 on its way. */
function wrapped(look: Look): Verdict | null {
  const { answer } = look
  const from = fieldOf(answer, 'x-transformed-from')
  if (from && /^HTTP\/0\.9$/i.test(from)) {
    return verdict(
      ['http_protocol_error'],
      ['X-Transformed-From says that a proxy made this answer out of bytes that were no HTTP.'],
      {
        effect: 'down',
      },
    )
  }
  if (answer.content.length === 0) return null
  if (!answer.byName.has('content-type')) {
    const protocol = recogniseProtocol(answer.content)
    const inner = contentText(answer, 16)
    if (protocol) {
      return verdict(
        ['http_protocol_error'],
        [`The content begins as ${protocol}: a gateway wrapped another service's words into a 200.`],
        {
          effect: 'down',
        },
      )
    }
    if (/^http\/\d/i.test(inner)) {
      return verdict(
        ['http_protocol_error'],
        ['The content begins with a status line: a gateway could not read it and wrapped it into a 200.'],
        {
          effect: 'down',
        },
      )
    }
    if (
      look.order === 'Date,Server,Connection,Transfer-Encoding' &&
      (fieldOf(answer, 'server') ?? '').startsWith('Apache')
    ) {
      return verdict(
        ['http_protocol_error'],
        [
          'Apache gave the content no type and no other field of an origin: it took an answer without a head for HTTP/0.9.',
        ],
        { effect: 'remark', confidence: 'likely' },
      )
    }
  }
  return null
}

/** An error page instead of the content, behind the content, or an error text at its end. */
function errorInside(look: Look, matches: readonly Match[], input: ResponseInput): Verdict | null {
  const { answer } = look
  const { content } = answer
  const from = Math.max(0, content.length - TAIL_BYTES)
  const tail = Buffer.from(content.buffer, content.byteOffset + from, content.length - from).toString(
    'latin1',
  )
  const circumstances: Circumstances = {
    slow: isSlow(input),
    method: input.requestMethod,
  }
  for (const match of matches) {
    if (match.made < 0.8) break
    const literal = match.clues.find((clue) => clue.body !== undefined && (clue.made ?? 0) >= 0.7)?.body
    if (!literal) continue
    const at = placeOf(look, literal)
    const second = tail.toLowerCase().lastIndexOf('<!doctype')
    const behind = second >= 0 && from + second > 0 && at >= from + second
    const atEnd =
      at > 0 && content.length - at <= APPENDED_TEXT_CHARACTERS && !tail.trimEnd().endsWith('</html>')
    const status = /<title>([45]\d\d) [A-Z]/.exec(tail.slice(behind ? second : 0))?.[1]
    const whole = content.length <= CANNED_PAGE_BYTES && status !== undefined && from === 0 && !behind
    if (!behind && !atEnd && !whole) continue
    const where = whole ? 'The whole content is' : 'At the end of the content stands'
    const reading = findReading(match.fingerprint, look, circumstances)
    const causes: readonly Cause[] = whole
      ? [...(reading?.causes ?? ['upstream_unspecified']).slice(0, 3)]
      : stalled(input)
        ? ['http_response_timeout', 'http_response_incomplete']
        : answer.byName.has('transfer-encoding')
          ? ['http_response_incomplete', 'http_response_transfer_coding']
          : ['http_response_incomplete']
    return verdict(
      causes,
      [`${where} an error page of ${match.fingerprint.name}, with the status ${answer.status}.`],
      {
        author: whole ? match : null,
        effect: 'down',
        link: 'upstream',
        party: 'site_operator',
      },
    )
  }
  // "Error: aborted" behind the content: a Node.js proxy that had already begun the answer.
  const last = tail.lastIndexOf('Error: ')
  if (last >= 0 && tail.length - last <= APPENDED_TEXT_CHARACTERS && !tail.includes('<', last)) {
    const words = tail.slice(last).toLowerCase()
    const known = ERROR_TEXTS.find(({ text }) => words.includes(text.toLowerCase()))
    if (known) {
      return verdict(
        known.causes,
        [
          `The content ends with the error text ${JSON.stringify(tail.slice(last, last + 120))}: ${known.says}.`,
        ],
        {
          effect: 'down',
          link: 'upstream',
          party: 'site_operator',
        },
      )
    }
  }
  return null
}

function stale(look: Look): Verdict | null {
  const { byName } = look.answer
  const causes: Cause[] = ['upstream_error_passed_through', 'connection_terminated', 'http_response_timeout']
  const say = (says: string): Verdict =>
    verdict(causes, [says, 'A cache hides that the origin does not answer properly.'], {
      effect: 'degraded',
      link: 'upstream',
      party: 'site_operator',
    })
  const warning = byName.get('warning')?.find((value) => /^11[012] /.test(value))
  if (warning) return say(`Warning: ${warning.slice(0, 80)}`)
  for (const member of parseCacheStatus(byName.get('cache-status') ?? []) ?? []) {
    if (member.forward === 'stale' && member.forwardStatus !== null && member.forwardStatus >= 500) {
      return say(`Cache-Status says that ${member.name} got ${member.forwardStatus} and serves a stale copy.`)
    }
    if (member.hit && member.ttl !== null && member.ttl < 0) {
      return {
        ...say(`Cache-Status says that ${member.name} serves a copy ${-member.ttl} s past its time.`),
        effect: 'remark',
      }
    }
  }
  const old = readCacheAnswers(byName).find(({ word, says }) => word === 'stale' && /stale/i.test(says))
  if (old) return { ...say(`${old.field}: ${old.says}`), effect: 'remark' }
  const age = readAge(byName)
  const life = /(?:^|[ ,])(?:s-maxage|max-age)=(\d{1,10})(?:$|[ ,])/.exec(
    fieldOf(look.answer, 'cache-control') ?? '',
  )?.[1]
  if (age !== null && life !== undefined && Number(life) > 0 && age > Number(life) * 2 + 60) {
    return { ...say(`Age is ${age} s where the copy may live ${life} s.`), effect: 'remark' }
  }
  return null
}

/** An empty answer where a product is known to answer so when something is wrong. */
function emptySuccess(look: Look, matches: readonly Match[], input: ResponseInput): Verdict | null {
  const { answer } = look
  if (
    answer.status !== 200 ||
    answer.content.length > 0 ||
    input.requestMethod === 'HEAD' ||
    input.requestMethod === 'OPTIONS'
  ) {
    return null
  }
  if (answer.framed !== 'whole') return null
  const top = matches[0]
  const circumstances: Circumstances = {
    slow: isSlow(input),
    method: input.requestMethod,
  }
  const made = top && top.made >= MADE_THRESHOLD ? top : null
  if (made) {
    const reading = findReading(made.fingerprint, look, circumstances)
    if (reading && reading.status === 200) {
      const more: Partial<Verdict> = { author: made, effect: 'remark' }
      if (reading.link) more.link = reading.link
      if (reading.party) more.party = reading.party
      if (reading.operator) more.operator = [reading.operator]
      return verdict(
        reading.causes,
        [`${made.fingerprint.name} answered 200 without content: ${reading.says}.`],
        more,
      )
    }
  }
  if (
    look.order === 'Date,Server,Content-Length,Connection' &&
    (fieldOf(answer, 'server') ?? '').startsWith('Apache')
  ) {
    return verdict(
      ['connection_terminated', 'http_response_incomplete'],
      [
        'Apache answered an empty 200 without a type: mod_proxy_fcgi does so when the application ends without output.',
      ],
      {
        effect: 'remark',
        link: 'upstream',
        party: 'site_operator',
        operator: ['Look for AH01071 or AH01067 in the error log.'],
      },
    )
  }
  return null
}

/** Judges an answer with a status below 400; null when nothing is wrong with it. */
export function judgeSuccess(look: Look, matches: readonly Match[], input: ResponseInput): Verdict | null {
  const inside = look.answer.content.length > 0 ? errorInside(look, matches, input) : null
  const found =
    headTrouble(look.answer, input) ??
    wrapped(look) ??
    inside ??
    cutShort(look, matches, input) ??
    emptySuccess(look, matches, input) ??
    stale(look)
  if (found) return found
  for (const { text, cause, says } of PLACEHOLDERS) {
    if (placeOf(look, text) < 0 || look.answer.content.length > 64 * 1024) continue
    return verdict([cause], [`The content is ${says}.`], {
      effect: cause === 'access_blocked' ? 'remark' : 'down',
      link: cause === 'access_blocked' ? 'gateway' : 'content',
      party: cause === 'access_blocked' ? 'gateway_operator' : 'site_operator',
    })
  }
  return null
}
