// Server-Timing (W3C) and CDN-Loop (RFC 8586): small lists of what hops tell about themselves.

const METRICS = 64

export interface TimingMetric {
  name: string
  durationMs: number | null
  description: string | null
}

/** Metrics in order; what is no metric is left out. */
export function parseServerTiming(lines: readonly string[]): TimingMetric[] {
  const metrics: TimingMetric[] = []
  for (const line of lines) {
    for (const part of splitOutsideQuotes(line.slice(0, 4096), ',')) {
      const [head, ...parameters] = splitOutsideQuotes(part, ';')
      const name = head?.trim() ?? ''
      if (!/^[\w!#$%&'*+.^`|~-]{1,64}$/.test(name)) continue
      const metric: TimingMetric = { name, durationMs: null, description: null }
      for (const parameter of parameters) {
        const equals = parameter.indexOf('=')
        if (equals < 0) continue
        const key = parameter.slice(0, equals).trim().toLowerCase()
        const value = parameter
          .slice(equals + 1)
          .trim()
          .replace(/^"|"$/g, '')
        if (key === 'dur' && metric.durationMs === null && Number.isFinite(Number(value)) && value !== '') {
          metric.durationMs = Number(value)
        }
        if (key === 'desc') metric.description ??= value
      }
      metrics.push(metric)
      if (metrics.length >= METRICS) return metrics
    }
  }
  return metrics
}

/** The CDN ids of a CDN-Loop field (a request field that echoing origins show), in order. */
export function parseCdnLoop(lines: readonly string[]): string[] {
  const ids: string[] = []
  for (const line of lines) {
    for (const part of splitOutsideQuotes(line.slice(0, 4096), ',')) {
      const id = part.split(';', 1)[0]?.trim() ?? ''
      if (/^[\w.:[\]-]{1,255}$/.test(id)) ids.push(id)
      if (ids.length >= METRICS) return ids
    }
  }
  return ids
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let quoted = false
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '\\' && quoted) at++
    else if (character === '"') quoted = !quoted
    else if (character === separator && !quoted) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}
