// What `whydown wait` says: one line an event, a live line on a terminal, and the story at the end. Knows words only.
import type { News, Stretch, WaitSummary } from '../engine/wait-state.ts'
import { count } from '../report/figures.ts'
import type { ReportOptions } from '../report/format.ts'
import { paint, signs } from '../report/paint.ts'
import { fit, safeText, wrap } from '../report/safe-text.ts'

/** A time as people say it: `8 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function timeSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return two(minutes, 'min', seconds % 60, 's')
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return two(hours, 'h', minutes % 60, 'min')
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function two(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}

/** What a stretch is, in a few words: "up", "down: 502 status_unaccepted, cause connection_refused". */
export function stretchWords({ seen, code, number, cause }: Stretch, options: ReportOptions): string {
  if (seen === 'up') return 'up'
  const name = seen === 'down' ? 'down' : 'cannot tell (the fault is on our side)'
  const what = [number, code].filter((part) => part !== null).join(' ')
  const why = cause !== null && cause !== code ? `, ${cause.replaceAll('_', ' ')}` : ''
  return safeText(what === '' ? name : `${name}: ${what}${why}`, { ascii: options.ascii, max: 200 })
}

function sign(stretch: Stretch, options: ReportOptions): string {
  const drawn = signs(options)
  if (stretch.seen === 'up') return paint(drawn.ok, options, 'green')
  return stretch.seen === 'down'
    ? paint(drawn.broken, options, 'red')
    : paint(drawn.unknown, options, 'yellow')
}

/** One event as lines; none for what only the live line shows. `time` is the wall clock as it is to be printed. */
export function newsLines(news: News, time: string, options: ReportOptions): string[] {
  switch (news.kind) {
    case 'changed': {
      const { stretch, before } = news
      const after = before
        ? ` after ${timeSpan(before.toMs - before.fromMs)} ${before.seen === 'unknown' ? 'of not knowing' : before.seen}`
        : ''
      const lines = [`${time} ${sign(stretch, options)} ${stretchWords(stretch, options)}${after}`]
      if (stretch.headline !== null) lines.push(...story(stretch.headline, options))
      if (stretch.failing.length > 0) lines.push(...story(`Failing: ${stretch.failing.join(', ')}`, options))
      return lines
    }
    case 'asked_to_wait':
      return [`${time}   the site asks for ${timeSpan(news.retryAfterMs)} of patience (Retry-After)`]
    case 'counting':
      return [`${time}   seen ${news.streak} of ${news.wanted} times in a row`]
    case 'pausing':
      return []
    default:
      return news satisfies never
  }
}

function story(text: string, options: ReportOptions): string[] {
  const indent = ' '.repeat(10)
  const safe = safeText(text, { ascii: options.ascii, max: 600 })
  return wrap(safe, Math.max(20, options.width - indent.length)).map((line) =>
    paint(indent + line, options, 'dim'),
  )
}

/** The live line: what is seen, since when, which look, and how long until the next. */
export function liveLine(
  stretch: Stretch | null,
  looks: number,
  nowMs: number,
  dueMs: number | null,
  options: ReportOptions,
): string {
  const { dot } = signs(options)
  const what = stretch
    ? `${stretchWords(stretch, options)} for ${timeSpan(nowMs - stretch.fromMs)}`
    : 'looking'
  const next = dueMs === null ? 'looking' : `next look in ${timeSpan(Math.max(0, dueMs - nowMs))}`
  const text = `${what} ${dot} ${count(looks, 'look')} ${dot} ${next}`
  return fit(text, Math.max(10, options.width - 1), options.ascii)
}

/** The end of the story, ending with a line break. */
export function summaryText(url: string, summary: WaitSummary, options: ReportOptions): string {
  const { end, until, waitedMs, looks, downMs, stretches, changes } = summary
  const shown = safeText(url, { ascii: options.ascii, max: 200 })
  const waited = `waited ${timeSpan(waitedMs)}, ${count(looks, 'look')}`
  const lines: string[] = []
  if (end === 'reached') {
    const always = stretches.every((stretch) => stretch.seen === until)
    const state = until === 'up' ? (always ? 'is up, and was all the time' : 'is back') : 'is down'
    lines.push(`${shown} ${state} (${waited}).`)
  } else {
    const last = stretches.at(-1)
    const state = last ? `last seen ${stretchWords(last, options)}` : 'nothing was seen yet'
    lines.push(
      `${end === 'time_over' ? 'Gave up on' : 'Stopped waiting for'} ${shown}: ${state} (${waited}).`,
    )
  }
  const failed = stretches.filter(({ seen }) => seen !== 'up')
  if (failed.length > 0) {
    if (downMs > 0) lines.push(`Seen down for ${timeSpan(downMs)}:`)
    for (const stretch of failed.slice(-8)) {
      const span = timeSpan(stretch.toMs - stretch.fromMs)
      lines.push(
        `  ${sign(stretch, options)} ${stretchWords(stretch, options)} (${span}, ${count(stretch.looks, 'look')})`,
      )
    }
  }
  if (changes.length > 0)
    lines.push(`What changed: ${safeText(changes.join('; '), { ascii: options.ascii, max: 600 })}.`)
  const article = failed.findLast((stretch) => stretch.article !== null)?.article
  if (article)
    lines.push(paint(`More about it: whydown explain ${safeText(article, { max: 80 })}`, options, 'dim'))
  return `${lines.flatMap((line) => (line.includes('\x1b') ? [line] : wrapped(line, options))).join('\n')}\n`
}

function wrapped(line: string, options: ReportOptions): string[] {
  const indent = /^ */.exec(line)?.[0] ?? ''
  return wrap(
    line.slice(indent.length),
    options.width - indent.length,
    options.width - indent.length - 2,
  ).map((part, at) => indent + (at === 0 ? '' : '  ') + part)
}
