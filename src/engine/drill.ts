// Decides whether a check that has ended is looked at further, and has it done. Loaded only then.
import type { DrillStep } from '../model/drill.ts'
import { type Checked, subjectOf } from '../probe/drill/subject.ts'
import { runDrill } from '../probe/drill.ts'
import type { ProbeContext } from '../probe/context.ts'
import { parseTarget } from '../probe/steps/url.ts'
import { Deadline } from '../util/deadline.ts'

/** Looks further at what the check saw; no steps when there was no exchange, or after a cancelled check. */
export async function drill(
  target: string,
  checked: Omit<Checked, 'basic'>,
  ctx: ProbeContext,
): Promise<DrillStep[]> {
  const { options, io } = ctx
  if (checked.failure?.code === 'cancelled' || options.signal?.aborted) return []
  const parsed = parseTarget(target)
  const basic = options.basic ?? (parsed.failure ? null : parsed.basic)
  const subject = subjectOf({ ...checked, basic }, options)
  if (!subject) return []
  // The check may have used up its time; the drill has its own.
  const deadline = new Deadline(io.clock, options.drill.totalMs)
  const cancel = (): void => deadline.stop('cancelled')
  options.signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await runDrill(subject, { ...ctx, deadline })
  } finally {
    deadline.close()
    options.signal?.removeEventListener('abort', cancel)
  }
}
