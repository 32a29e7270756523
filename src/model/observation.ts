// One operation and what came of it. Evidence is the list of all observations of a check, in order.
import type { Failure } from './failure.ts'
import type { Phase } from './phase.ts'

/** Everything the probe does that can be observed. */
export const OPERATIONS = [
  'parse_url',
  'hosts_file',
  'resolve',
  'dns_query',
  'connect',
  'trace',
  'proxy_handshake',
  'tls_handshake',
  'plaintext_look',
  'send',
  'wait',
  'receive',
  'decode',
  'redirect',
  'expect',
] as const

export type Operation = (typeof OPERATIONS)[number]

/** The phase an operation belongs to: the one that is open while it runs. */
export const PHASE_OF_OPERATION: Readonly<Record<Operation, Phase>> = {
  parse_url: 'url',
  hosts_file: 'resolve',
  resolve: 'resolve',
  dns_query: 'resolve',
  connect: 'connect',
  trace: 'connect',
  proxy_handshake: 'connect',
  tls_handshake: 'tls',
  plaintext_look: 'tls',
  send: 'send',
  wait: 'wait',
  receive: 'receive',
  decode: 'receive',
  redirect: 'receive',
  expect: 'content',
}

export interface Observation {
  /** "o1", "o2", ... unique within a check. */
  id: string
  operation: Operation
  /** Offsets in milliseconds from the check's start, monotonic clock, with a fraction. */
  startMs: number
  endMs: number
  input: Record<string, unknown>
  /** Null when nothing came of it. A failed operation may still have output: the part that did happen. */
  output: Record<string, unknown> | null
  failure: Failure | null
  /** What was tolerated although the standard forbids it, one sentence each. Absent when nothing was. */
  notes?: string[]
}
