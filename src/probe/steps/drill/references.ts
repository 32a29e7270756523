// The look at ourselves: do sites that should work fail from here, too? Reference sites of several operators by
// name, and one by address, so that a broken DNS shows. Knows nothing of the site that was checked.
import { isIP } from 'node:net'
import type { CheckOptions } from '../../../model/check-options.ts'
import type { ReferencesFinding } from '../../../model/drill.ts'
import { WhydownError } from '../../../model/error.ts'
import { Deadline } from '../../../util/deadline.ts'
import type { ProbeContext } from '../../context.ts'
import type { Look } from '../../drill/look.ts'
import { lacksFamily } from '../../own-addresses.ts'
import { walkCycle } from '../cycle.ts'

/** Reference sites that are asked at all. */
const MAX_REFERENCES = 12
/** Per site: these answer within a second from anywhere. */
const REFERENCE_MS = 5_000
/** Of an answer; HEAD has no body. */
const HEAD_BYTES = 64 * 1024

/** Sites of several operators that are hardly ever down and do not mind. */
const REFERENCE_SITES: readonly string[] = [
  'https://www.google.com/',
  'https://www.cloudflare.com/',
  'https://www.wikipedia.org/',
  'https://www.microsoft.com/',
]

/** A site whose certificate holds its address, so that it can be asked without any DNS. */
const REFERENCE_BY_ADDRESS = { v4: 'https://1.1.1.1/', v6: 'https://[2606:4700:4700::1111]/' } as const

/** The defaults for this machine: those by name, and the one by address in a family that we have. */
export function defaultReferences(): string[] {
  const { v4, v6 } = REFERENCE_BY_ADDRESS
  return [...REFERENCE_SITES, lacksFamily('1.1.1.1') ? v6 : v4]
}

const look: Look = {
  id: 'references',
  when: 'side-by-side',
  skip: ({ isLocalTarget }, ctx) => {
    const { references } = ctx.options.drill
    if (references && references.length === 0) return 'no reference sites are set'
    if (references === null && isLocalTarget) {
      return 'the site is of this machine or network: sites outside tell nothing about the way to it'
    }
    return null
  },
  run: async (subject, ctx) => {
    const urls = ctx.options.drill.references ?? defaultReferences()
    const others = urls.filter((url) => urlOf(url).host !== subject.url.host)
    if (others.length === 0) return { skipped: 'the only reference site is the one that was checked' }
    const finding = await lookAtReferences(others, ctx)
    return { summary: sayReferences(finding), finding }
  },
}

export default look

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  throw new WhydownError('usage', `The reference site "${text}" is not a URL.`, {
    hint: 'Write it with its scheme, such as https://www.example.com/.',
  })
}

/**
 * Asks every site for HEAD at the same time. A site works when any HTTP response comes from it: whatever it says,
 * the way to it is good. Throws a WhydownError for what is no URL; on the wire nothing is an error.
 */
export async function lookAtReferences(
  urls: readonly string[],
  ctx: ProbeContext,
): Promise<ReferencesFinding> {
  const parsed = urls.slice(0, MAX_REFERENCES).map(urlOf)
  const options = plainOptions(ctx.options)
  const each = await Promise.all(
    parsed.map(async (url) => {
      const deadline = new Deadline(ctx.io.clock, REFERENCE_MS, ctx.deadline)
      const recorder = ctx.recorder.scope()
      const startMs = recorder.nowMs()
      const plan = { url, method: 'HEAD', body: null, fields: [], basic: null, bearer: null, cookie: null }
      const { exchange } = await walkCycle(plan, { options, io: ctx.io, recorder, deadline })
      deadline.close()
      const { failure, response } = exchange
      const works = failure === null && response !== null
      return { url: exchange.url, works, failure, ms: recorder.nowMs() - startMs }
    }),
  )
  const working = each.filter(({ works }) => works).length
  const extent = working === 0 ? 'all_fail' : working < each.length ? 'some_fail' : 'all_work'
  return { kind: 'references', each, extent, onlyNamesFail: onlyNamesFail(each) }
}

/** The user's own way out (resolvers, proxy, extra roots) without what was meant for the site that was checked. */
function plainOptions(options: CheckOptions): CheckOptions {
  const { limits, tls } = options
  return {
    ...options,
    http: 'auto',
    connectTo: null,
    tls: { ...tls, certificate: null, key: null, passphrase: null, verify: true, serverName: null },
    limits: { ...limits, headBytes: Math.min(limits.headBytes, HEAD_BYTES) },
  }
}

function onlyNamesFail(each: ReferencesFinding['each']): boolean | null {
  const byAddress = each.filter(({ url }) => isIP(new URL(url).hostname.replace(/^\[|\]$/g, '')) !== 0)
  const byName = each.filter((one) => !byAddress.includes(one))
  if (byAddress.length === 0 || byName.length === 0) return null
  return byAddress.some(({ works }) => works) && byName.every(({ failure }) => failure?.phase === 'resolve')
}

/** The finding in one line. */
export function sayReferences({ each, extent, onlyNamesFail: names }: ReferencesFinding): string {
  const count = each.length
  if (names) return 'reference sites fail by name and work by address: names are not resolved here'
  switch (extent) {
    case 'all_work':
      return count === 1
        ? 'the reference site works from here'
        : `all ${count} reference sites work from here`
    case 'all_fail':
      return count === 1
        ? 'the reference site fails from here, too'
        : `none of ${count} reference sites can be reached from here`
    case 'some_fail': {
      const failing = each.filter(({ works }) => !works)
      const hosts = failing.map(({ url }) => new URL(url).host)
      return `${failing.length} of ${count} reference sites fail from here, too: ${hosts.join(', ')}`
    }
    default:
      return extent satisfies never
  }
}
