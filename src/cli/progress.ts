// One line on a terminal that says what the check is waiting for, redrawn in place and removed at the end.
import type { WriteStream } from 'node:tty'
import type { Observation } from '../model/observation.ts'
import type { Clock, Timer } from '../util/clock.ts'
import { fit, safeText } from '../report/safe-text.ts'

/** Checks quicker than this show no progress at all, because a flash helps nobody. */
const QUIET_MS = 200
const REDRAW_MS = 100

const WORDS: Partial<Record<Observation['operation'], string>> = {
  resolve: 'looking up the name',
  dns_query: 'asking a resolver',
  connect: 'connecting',
  proxy_handshake: 'talking to the proxy',
  tls_handshake: 'shaking hands (TLS)',
  plaintext_look: 'looking what it speaks without TLS',
  send: 'sending the request',
  wait: 'waiting for the answer',
  receive: 'receiving',
  decode: 'decoding the content',
}

export interface Progress {
  /** For `Io.progress`: an observation began (`open`) or ended. */
  saw(observation: Observation, open: boolean): void
  /** For `Io.look`: a look of the drill began or ended. */
  look(step: string, open: boolean): void
  /** Removes the line. */
  end(): void
}

/** What the innermost open observation is doing, as a line. */
export function progressText(observation: Observation, spentMs: number, ascii: boolean): string {
  const { input } = observation
  const words = WORDS[observation.operation] ?? observation.operation
  const about = [input['host'], input['name'], input['ip'], input['server']].find(
    (value) => typeof value === 'string',
  )
  const seconds = (spentMs / 1000).toFixed(1)
  const what = typeof about === 'string' ? ` ${about}` : ''
  return safeText(`${words}${what} ${seconds} s`, { ascii, max: 200 })
}

/** Draws on `stream` until ended. Draws nothing for the first moment. */
export function startProgress(stream: WriteStream, ascii: boolean, clock: Clock): Progress {
  const startedMs = clock.nowMs()
  const open = new Map<string, { observation: Observation; sinceMs: number }>()
  const looks = new Set<string>()
  let drawn = false
  const draw = (): void => {
    timer = clock.setTimer(draw, REDRAW_MS)
    const nowMs = clock.nowMs()
    const latest = [...open.values()].at(-1)
    if (nowMs - startedMs < QUIET_MS || !latest) return
    const doing = progressText(latest.observation, nowMs - latest.sinceMs, ascii)
    const text = looks.size > 0 ? `looking further (${[...looks].join(', ')}): ${doing}` : doing
    stream.write(`\r${fit(text, (stream.columns || 80) - 1, ascii)}\x1b[K`)
    drawn = true
  }
  let timer: Timer = clock.setTimer(draw, REDRAW_MS)
  return {
    saw(observation, isOpen) {
      if (isOpen) open.set(observation.id, { observation, sinceMs: clock.nowMs() })
      else open.delete(observation.id)
    },
    look(step, isOpen) {
      if (isOpen) looks.add(step)
      else looks.delete(step)
    },
    end() {
      clock.clearTimer(timer)
      if (drawn) stream.write('\r\x1b[K')
      drawn = false
    },
  }
}
