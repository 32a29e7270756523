// What every step of a check is handed: the options, the outside world, the notebook and the time left.
import type { CheckOptions } from '../model/check-options.ts'
import type { Deadline } from '../util/deadline.ts'
import type { Io } from './io.ts'
import type { Recorder } from './recorder.ts'

export interface ProbeContext {
  options: CheckOptions
  io: Io
  recorder: Recorder
  deadline: Deadline
}
