// Numbers as people read them: milliseconds, bytes, days, counts.

/** Milliseconds in at most nine columns: `0.12 ms`, `131 ms`, `20.0 s`, `2 min`; a dash when unknown. */
export function duration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return '-'
  if (ms < 0.995) return `${ms.toFixed(2)} ms`
  if (ms < 99.95) return `${ms.toFixed(1)} ms`
  if (ms < 9_999.5) return `${Math.round(ms)} ms`
  if (ms < 119_950) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.round(ms / 60_000)} min`
}

/** Bytes: exact below 10 KiB, then `12.3 KiB`, `4.0 MiB`. */
export function byteCount(bytes: number): string {
  if (bytes < 10_240) return count(bytes, 'byte')
  if (bytes < 1_048_576) return `${(bytes / 1024).toFixed(1)} KiB`
  return `${(bytes / 1_048_576).toFixed(1)} MiB`
}

/** A number with its noun, in the plural where English wants it. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`
}
