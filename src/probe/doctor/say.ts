// Each finding of the doctor in one line. Says what was seen and blames nobody.
import type {
  DoctorFinding,
  InterfacesFinding,
  PacketSizeFinding,
  ResolverFacts,
  RouteFacts,
} from '../../model/doctor.ts'

const RESOLVER_WORDS: Record<ResolverFacts['state'], string> = {
  answers: 'answers',
  slow: 'answers slowly',
  fails: 'cannot resolve',
  refuses: 'refuses to answer us',
  silent: 'does not answer',
  unreachable: 'cannot be reached',
  lies: 'gives false addresses',
}

/** The finding in one line, without a full stop. */
export function sayFinding(finding: DoctorFinding): string {
  switch (finding.kind) {
    case 'interfaces':
      return sayInterfaces(finding)
    case 'routes':
      return finding.each.map(sayRoute).join('; ')
    case 'resolvers': {
      const each = finding.each.map(
        ({ server, state, medianMs }) =>
          `${server} ${RESOLVER_WORDS[state]}${medianMs === null ? '' : ` (${Math.round(medianMs)} ms)`}`,
      )
      if (finding.agree === false) each.push('they disagree')
      return each.join('; ')
    }
    case 'references': {
      const words = ([4, 6] as const).flatMap((family) => {
        const asked = finding.each.filter((one) => one.family === family)
        const working = asked.filter(({ works }) => works).length
        return asked.length === 0 ? [] : [`${working} of ${asked.length} work over IPv${family}`]
      })
      return words.join('; ') || 'none was asked'
    }
    case 'portal': {
      const count = (answer: string) => finding.each.filter((one) => one.answer === answer).length
      if (count('other') > 0)
        return `${count('other')} of ${finding.each.length} known pages come with other content`
      return count('expected') > 0 ? 'known pages come as they are' : 'no known page could be fetched'
    }
    case 'proxies': {
      if (finding.malformed !== null) return finding.malformed
      const each = finding.each.map(
        ({ proxy, works, failure }) =>
          `${proxy} ${works ? 'works' : `fails (${failure?.code ?? 'no answer'})`}`,
      )
      return [...new Set(each)].join('; ') || 'the proxies are not used for these sites'
    }
    case 'packet_size':
      return sayPacketSize(finding)
    case 'clock': {
      if (finding.offsetMs === null) return 'no site told the time'
      const seconds = Math.round(Math.abs(finding.offsetMs) / 1_000)
      if (seconds < 2) return 'right to the second'
      return `${seconds} s ${finding.offsetMs > 0 ? 'fast' : 'slow'}`
    }
    default:
      return finding satisfies never
  }
}

function sayInterfaces({ each, families }: InterfacesFinding): string {
  if (each.length === 0) return 'there is no network interface'
  const words = each.map(({ name, up, addresses }) => {
    const state = up === false ? 'down' : up === null ? 'state unknown' : 'up'
    return `${name} ${addresses.join(' ') || `${state}, no address`}`
  })
  const reach = families.length === 0 ? 'no address that reaches beyond the cable' : ''
  return [...words, ...(reach === '' ? [] : [reach])].join('; ')
}

function sayRoute({ family, exists, gateway, interface: via, alive }: RouteFacts): string {
  if (exists === null) return `IPv${family}: not known`
  if (!exists) return `IPv${family}: no default route`
  const life = alive === null ? '' : alive ? ', which answers' : ', which does not answer'
  return `IPv${family}: ${gateway === null ? 'a default route' : `via ${gateway}`}${via === null ? '' : ` (${via})`}${life}`
}

function sayPacketSize({ url, largeArrives, smallArrives, failure }: PacketSizeFinding): string {
  if (largeArrives) return `a large answer comes whole (${url})`
  const fails = `a large answer does not come (${failure?.code ?? 'no answer'})`
  if (smallArrives === null) return fails
  return `${fails}, ${smallArrives ? 'but in small packets it does' : 'and in small packets neither'}`
}
