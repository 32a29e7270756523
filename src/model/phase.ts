// The cycle every check walks, in order. A failure belongs to the phase that was open when it happened.

export const PHASES = [
  'url',
  'resolve',
  'connect',
  'tls',
  'send',
  'wait',
  'receive',
  'status',
  'content',
] as const

export type Phase = (typeof PHASES)[number]

/** The phases that take time on the wire; the others are judgements on what came. */
export const TIMED_PHASES = ['resolve', 'connect', 'tls', 'send', 'wait', 'receive'] as const

export type TimedPhase = (typeof TIMED_PHASES)[number]
