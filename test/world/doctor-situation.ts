// One broken network for the doctor: what is broken in it, and how it is mended again.

export interface Situation {
  name: string
  /** Shell commands; ROUTER and SERVER are places for `in_place`. */
  before?: string
  after?: string
  /** Kinds of resolvers (doctor-servers-alone.ts); by default one that is good. */
  resolvers?: string[]
  references?: string[]
  /** A URL, or `works` for the one that is there. */
  proxy?: string
  totalMs?: number
}
