// The public library surface, and the only file that re-exports. Knows no logic of its own.
export { check } from './engine/check.ts'
export { addContact } from './engine/contact.ts'
export { diagnose, diagnoseResponse } from './engine/diagnose.ts'
export { doctor } from './engine/doctor.ts'
export {
  type AddressPolicy,
  type CheckOptions,
  DEFAULT_DRILL,
  DEFAULT_LIMITS,
  DEFAULT_OPTIONS,
  DEFAULT_USER_AGENT,
  type DrillOptions,
  type Expectations,
  type Limits,
  type ProxySettings,
  type StatusRange,
  type TlsOptions,
} from './model/check-options.ts'
export type { Cause, ChainLink, Diagnosis, Link, Party, Undecided } from './model/diagnosis.ts'
export type { DoctorOptions, DoctorResult, DoctorVerdict } from './model/doctor.ts'
export type { DrillFinding, DrillStep, DrillStepId } from './model/drill.ts'
export { ERROR_KINDS, type ErrorKind, WhydownError } from './model/error.ts'
export {
  FAILURE_CODES,
  type Failure,
  type FailureCode,
  isOurFault,
  type OffendingBytes,
} from './model/failure.ts'
export type { Observation } from './model/observation.ts'
export type { Phase, TimedPhase } from './model/phase.ts'
export {
  type Address,
  type CertificateFacts,
  type CheckResult,
  type Exchange,
  type FieldLine,
  type Outcome,
  RESULT_SCHEMA,
  type RequestFacts,
  type ResponseFacts,
  type Timings,
  type TlsFacts,
} from './model/result.ts'
