// Look 1: every address of the name on its own, so that a site that is half dead or broken over IPv6 alone shows.
import type { AddressesFinding } from '../../../model/drill.ts'
import { type Look, notSent } from '../../drill/look.ts'
import { firstReason, inShort } from '../../drill/reasons.ts'

type Each = AddressesFinding['each'][number]

export default {
  id: 'addresses',
  when: 'side-by-side',
  skip: ({ addresses, last }, { options }) =>
    firstReason(
      last.proxy === null ? null : 'the proxy chooses the address',
      options.connectTo === null ? null : 'the address to dial was given',
      addresses.length === 0 ? 'the name led to no address' : null,
      addresses.length === 1 ? 'the name leads to one address only' : null,
    ),
  async run(subject, ctx) {
    const wanted = subject.addresses.slice(0, ctx.options.limits.addresses)
    const asked = await Promise.all(
      wanted.map(async ({ ip, family }) => ({
        ip,
        family,
        glanced: await subject.site.ask({ connectTo: { ip, port: null } }, ctx),
      })),
    )
    const each: Each[] = []
    const untold: string[] = []
    for (const { ip, family, glanced } of asked) {
      if (glanced?.verdict) each.push({ ip, family, verdict: glanced.verdict, glance: glanced.glance })
      else if (glanced) untold.push(ip)
    }
    if (each.length === 0) {
      const [first] = untold
      return {
        skipped: first ? `nothing can be told about ${untold.join(', ')} from here` : notSent(subject),
      }
    }
    const left = wanted.length - each.length
    const rest = left === 0 ? '' : `; ${left} could not be told`
    return { summary: `${summaryOf(each)}${rest}`, finding: { kind: 'addresses', each } }
  },
} satisfies Look

function summaryOf(each: Each[]): string {
  const bad = each.filter(({ verdict }) => verdict !== 'works')
  const all = each.length
  if (bad.length === 0) return `all ${all} addresses work`
  const said = new Set(bad.map(({ glance }) => inShort(glance)))
  const what = [...said].join(', ')
  if (bad.length === all) return `all ${all} addresses fail: ${what}`
  const family = onlyFamily(each)
  if (family !== null) return `IPv${family} fails (${what}), IPv${family === 4 ? 6 : 4} works`
  return `${bad.length} of ${all} addresses ${bad.length === 1 ? 'fails' : 'fail'}: ${bad
    .map(({ ip, glance }) => `${ip} ${inShort(glance)}`)
    .join(', ')}`
}

/** The family whose every address fails while every address of the other works; null when it is not so. */
function onlyFamily(each: Each[]): 4 | 6 | null {
  for (const family of [4, 6] as const) {
    const here = each.filter((one) => one.family === family)
    const there = each.filter((one) => one.family !== family)
    if (here.length === 0 || there.length === 0) continue
    if (here.every((one) => one.verdict !== 'works') && there.every((one) => one.verdict === 'works'))
      return family
  }
  return null
}
