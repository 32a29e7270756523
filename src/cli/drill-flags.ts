// The flags about the further looks at a failing check, turned into options. The caller's mistakes end here.
import { type CheckOptions, DEFAULT_DRILL, type DrillOptions } from '../model/check-options.ts'
import { mistake, parseEndpoint, quoted } from './values.ts'

/** Flags by commander's names; text as given. */
export interface DrillFlags {
  drill?: boolean
  origin?: string
  compare?: string
  compareResolver?: string[]
  reference?: string[]
}

/** Sites and resolvers to compare with; more would only cost time. */
const MAX_COMPARED = 8

/** The drill as the flags want it: on failure unless they say otherwise. */
export async function drillOptions(flags: DrillFlags): Promise<DrillOptions> {
  refuseWithoutDrill(flags)
  return {
    ...DEFAULT_DRILL,
    when: flags.drill === undefined ? 'on-failure' : flags.drill ? 'always' : 'never',
    origin: flags.origin === undefined ? null : parseEndpoint('--origin', flags.origin),
    references: await references(flags.reference),
    resolvers: resolvers(flags.compareResolver),
    good: await goodCheck(flags.compare),
  }
}

/** What only a look can use is of no use without looks. */
function refuseWithoutDrill(flags: DrillFlags): void {
  if (flags.drill !== false) return
  const given = (
    [
      ['--origin', flags.origin],
      ['--compare', flags.compare],
      ['--compare-resolver', flags.compareResolver],
      ['--reference', flags.reference],
    ] as const
  ).find(([, value]) => value !== undefined)
  if (given) throw mistake(`--no-drill and ${given[0]} contradict each other; leave out one of them`)
}

async function references(given: string[] | undefined): Promise<DrillOptions['references']> {
  if (given === undefined) return null
  tooMany('--reference', given)
  const { parseTarget } = await import('../probe/steps/url.ts')
  return given.map((text) => {
    const parsed = parseTarget(text)
    if (parsed.failure) throw mistake(`--reference ${quoted(text)} cannot be used: ${parsed.failure.raw}`)
    return parsed.urls[0].href
  })
}

function resolvers(given: string[] | undefined): DrillOptions['resolvers'] {
  if (given === undefined) return null
  tooMany('--compare-resolver', given)
  return given.map((text) => {
    const { ip, port } = parseEndpoint('--compare-resolver', text)
    return { ip, port: port ?? 53 }
  })
}

function tooMany(option: string, given: string[]): void {
  if (given.length > MAX_COMPARED)
    throw mistake(`${option} was given ${given.length} times; ${MAX_COMPARED} are enough`)
}

async function goodCheck(path: string | undefined): Promise<CheckOptions['drill']['good']> {
  if (path === undefined) return null
  const { readEvidence } = await import('./evidence-file.ts')
  const good = readEvidence('--compare', path)
  if (good.outcome === 'down' || good.outcome === 'unknown') {
    throw mistake(
      `--compare ${quoted(path)} is no good check, it ended ${quoted(good.outcome)}; save one with --save while the site works`,
    )
  }
  return good
}
