// The drill: the further looks at a check, run side by side or alone, each within its time, all within one budget.
// Knows what every look may cost, not what it looks at.
import { DRILL_STEPS, type DrillStep, type DrillStepId } from '../model/drill.ts'
import type { FailureCode } from '../model/failure.ts'
import type { Timer } from '../util/clock.ts'
import { Deadline, type StopReason } from '../util/deadline.ts'
import type { ProbeContext } from './context.ts'
import type { Look, Looked, Subject } from './drill/look.ts'
import type { Recorder } from './recorder.ts'

/** Share of the drill's time for the looks that run side by side; the rest is for those that run alone. */
const SIDE_BY_SIDE_SHARE = 0.65

/** A look that has not ended this long after its deadline is given up. */
const GRACE_MS = 300

const LOADERS: Record<DrillStepId, () => Promise<{ default: Look }>> = {
  addresses: () => import('./steps/drill/addresses.ts'),
  resolvers: () => import('./steps/drill/resolvers.ts'),
  protocols: () => import('./steps/drill/protocols.ts'),
  cache: () => import('./steps/drill/cache.ts'),
  paths: () => import('./steps/drill/paths.ts'),
  proxy: () => import('./steps/drill/proxy.ts'),
  origin: () => import('./steps/drill/origin.ts'),
  hops: () => import('./steps/drill/hops.ts'),
  repetition: () => import('./steps/drill/repetition.ts'),
  references: () => import('./steps/drill/references.ts'),
  timing: () => import('./steps/drill/timing.ts'),
  difference: () => import('./steps/drill/difference.ts'),
  path: () => import('./steps/drill/path.ts'),
}

/** When the fault is ours, only these can still tell something: is it all of our network, or our proxy? */
const LOOKS_AT_US = new Set<DrillStepId>(['references', 'resolvers', 'proxy', 'difference'])

/** Our machine itself is in trouble or was told what to do: more traffic cannot tell more. */
const NOTHING_TO_LOOK_FOR = new Map<FailureCode, string>([
  ['local_limit', 'this machine is out of something itself, so nothing more is asked of it'],
  ['internal_error', 'the fault is in this program, so a further look tells nothing'],
  ['cancelled', 'the check was cancelled'],
  ['address_forbidden', 'the address policy forbids the address, so nothing may be dialled'],
])

/** Looks whose requests do not go to the site: what is said of the method does not hold for them. */
const NOT_AT_SITE = new Set<DrillStepId>(['resolvers', 'references', 'path'])

/**
 * Looks further at a check that has ended: the steps in the order of `DRILL_STEPS`, whatever order they ran in, each
 * with its finding or the reason why it was skipped. Bounded by `options.drill.totalMs` and the deadline of `ctx`,
 * which must not be the spent one of the check. Never rejects: a look that breaks is a step skipped with the reason.
 */
export async function runDrill(subject: Subject, ctx: ProbeContext): Promise<DrillStep[]> {
  const deadline = new Deadline(ctx.io.clock, ctx.options.drill.totalMs - GRACE_MS, ctx.deadline)
  const run = new Drill(subject, { ...ctx, deadline })
  try {
    return await run.run()
  } finally {
    deadline.close()
  }
}

class Drill {
  readonly #subject: Subject
  readonly #ctx: ProbeContext
  readonly #steps = new Map<DrillStepId, DrillStep>()

  constructor(subject: Subject, ctx: ProbeContext) {
    this.#subject = subject
    this.#ctx = ctx
  }

  async run(): Promise<DrillStep[]> {
    const { deadline, io } = this.#ctx
    const wanted = await this.#wanted()
    const together = new Deadline(io.clock, deadline.remainingMs() * SIDE_BY_SIDE_SHARE, deadline)
    const sideBySide = wanted.filter(({ when }) => when === 'side-by-side')
    await Promise.all(sideBySide.map((look) => this.#look(look, together)))
    together.close()
    const alone = wanted.filter(({ when }) => when === 'alone')
    for (const [index, look] of alone.entries()) {
      const share = new Deadline(io.clock, deadline.remainingMs() / (alone.length - index), deadline)
      await this.#look(look, share)
      share.close()
    }
    return DRILL_STEPS.map((id) => this.#steps.get(id) ?? skipped(id, 'it was not run'))
  }

  /** The looks that apply; the others get their step with the reason at once. */
  async #wanted(): Promise<Look[]> {
    const { failure, outcome } = this.#subject
    const none = failure ? NOTHING_TO_LOOK_FOR.get(failure.code) : undefined
    const looks: Look[] = []
    const loaded = await Promise.all(DRILL_STEPS.map((id) => this.#load(id)))
    for (const [index, id] of DRILL_STEPS.entries()) {
      const look = loaded[index]
      if (!look) continue
      const reason =
        none ??
        (outcome === 'unknown' && !LOOKS_AT_US.has(id)
          ? 'the fault is on our side, so the site is not asked again'
          : this.#skip(look))
      if (reason === null) looks.push(look)
      else this.#steps.set(id, skipped(id, reason))
    }
    return looks
  }

  async #load(id: DrillStepId): Promise<Look | null> {
    try {
      return (await LOADERS[id]()).default
    } catch (error) {
      this.#steps.set(id, skipped(id, `a fault of this program: ${String(error)}`))
      return null
    }
  }

  #skip(look: Look): string | null {
    try {
      return look.skip(this.#subject, this.#ctx)
    } catch (error) {
      return `a fault of this program: ${String(error)}`
    }
  }

  /** Runs one look within `share`; its step is there afterwards, come what may. */
  async #look(look: Look, share: Deadline): Promise<void> {
    const { io, options } = this.#ctx
    if (share.reason) {
      this.#steps.set(look.id, skipped(look.id, 'no time left for it'))
      return
    }
    const recorder = this.#ctx.recorder.scope()
    const deadline = new Deadline(io.clock, share.remainingMs(), share)
    io.look?.(look.id, true)
    let looked: Looked
    try {
      looked = await this.#within(look.run(this.#subject, { options, io, recorder, deadline }), deadline)
    } catch (error) {
      looked = { skipped: `a fault of this program: ${String(error)}` }
    }
    deadline.close()
    io.look?.(look.id, false)
    const observations = recorder.own.map(({ id }) => id)
    if ('skipped' in looked) {
      this.#steps.set(look.id, { ...skipped(look.id, looked.skipped), observations })
      return
    }
    const tamed = this.#subject.planIsTamer && !NOT_AT_SITE.has(look.id) && sentAnything(recorder)
    const { method } = this.#subject.last
    const summary = tamed ? `${looked.summary} (asked with GET, not ${method} again)` : looked.summary
    this.#steps.set(look.id, {
      step: look.id,
      summary,
      skipped: null,
      finding: looked.finding,
      observations,
    })
  }

  /** The look's own end, or that it was given up because it did not heed its deadline. */
  async #within(running: Promise<Looked>, deadline: Deadline): Promise<Looked> {
    const { clock } = this.#ctx.io
    const { promise: givenUp, resolve } = Promise.withResolvers<Looked>()
    let timer: Timer | null = null
    const stop = (reason: StopReason): void => {
      const says = reason === 'cancelled' ? 'it was cancelled' : 'it did not come to an end in time'
      timer = clock.setTimer(() => resolve({ skipped: says }), GRACE_MS)
    }
    deadline.listen(stop)
    try {
      return await Promise.race([running, givenUp])
    } finally {
      deadline.unlisten(stop)
      if (timer) clock.clearTimer(timer)
    }
  }
}

function sentAnything(recorder: Recorder): boolean {
  return recorder.own.some(({ operation }) => operation === 'send')
}

function skipped(step: DrillStepId, reason: string): DrillStep {
  return { step, summary: `skipped: ${reason}`, skipped: reason, finding: null, observations: [] }
}
