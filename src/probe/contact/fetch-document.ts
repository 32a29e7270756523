// Fetches one small document over HTTP, redirects followed, all limits in force: the cycle of a check, without its
// judgement. Knows nothing of what the document means.
import type { CheckOptions } from '../../model/check-options.ts'
import type { Failure } from '../../model/failure.ts'
import { Deadline } from '../../util/deadline.ts'
import type { ProbeContext } from '../context.ts'
import { isRedirect, RedirectTrail } from '../redirect-trail.ts'
import type { RequestPlan } from '../request.ts'
import { readContent } from '../steps/content.ts'
import { walkCycle } from '../steps/cycle.ts'

/** One document, redirects included, milliseconds. */
const DOCUMENT_MS = 5_000
/** IANA's largest bootstrap file has 60 KiB; the longest RDAP answers seen have 30. */
const DOCUMENT_BYTES = 1024 * 1024
const DOCUMENT_REDIRECTS = 5

export interface FetchedDocument {
  /** Where it came from in the end. */
  url: string
  /** Null when no response came, or the redirects led nowhere. */
  status: number | null
  /** Value of Content-Type; empty when there is none. */
  type: string
  /** Value of Retry-After; null when there is none. */
  retryAfter: string | null
  /** The content, decoded; null when no response came. */
  text: string | null
  /** Not all of it came or could be decoded. */
  cut: boolean
  failure: Failure | null
}

/** Gets a document with `accept` as the media type wanted. Never throws for what the wire does. */
export async function fetchDocument(
  url: URL,
  accept: string,
  options: CheckOptions,
  outer: ProbeContext,
): Promise<FetchedDocument> {
  const deadline = new Deadline(outer.io.clock, DOCUMENT_MS, outer.deadline)
  const limits = {
    ...options.limits,
    totalMs: DOCUMENT_MS,
    bodyBytes: DOCUMENT_BYTES,
    decodedBytes: DOCUMENT_BYTES,
    redirects: DOCUMENT_REDIRECTS,
  }
  const ctx: ProbeContext = { ...outer, options: { ...options, limits }, deadline }
  try {
    return await follow(
      {
        url,
        method: 'GET',
        body: null,
        fields: [['Accept', accept]],
        basic: null,
        bearer: null,
        cookie: null,
      },
      ctx,
    )
  } finally {
    deadline.close()
  }
}

async function follow(start: RequestPlan, ctx: ProbeContext): Promise<FetchedDocument> {
  const trail = new RedirectTrail(ctx)
  let plan = start
  for (;;) {
    const cycle = await walkCycle(plan, ctx)
    const { exchange } = cycle
    const { response } = exchange
    if (exchange.failure || !response) return nothing(exchange.url, exchange.failure)
    if (isRedirect(response.status)) {
      const next = trail.follow(plan, exchange)
      if (next.failure) return { ...nothing(exchange.url, next.failure), status: response.status }
      plan = next.plan
      continue
    }
    const field = (name: string): string | null =>
      response.fields.find(([known]) => known.toLowerCase() === name)?.[1] ?? null
    const content = await readContent(cycle, response, ctx)
    return {
      url: exchange.url,
      status: response.status,
      type: field('content-type') ?? '',
      retryAfter: field('retry-after'),
      text: content.text,
      cut: content.cut !== null || content.failure !== null,
      failure: content.failure,
    }
  }
}

function nothing(url: string, failure: Failure | null): FetchedDocument {
  return { url, status: null, type: '', retryAfter: null, text: null, cut: false, failure }
}
