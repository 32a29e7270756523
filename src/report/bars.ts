// A span of time as a bar on a common scale. Knows fractions and columns, not what took the time.

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█']

/**
 * A bar from `startMs` for `lengthMs` on a scale of `totalMs` that is `width` columns long, padded with spaces to
 * exactly `width`. What took any time at all shows something. Unicode bars end on eighths of a column.
 */
export function bar(
  startMs: number,
  lengthMs: number,
  totalMs: number,
  width: number,
  ascii: boolean,
): string {
  if (width <= 0) return ''
  if (!(totalMs > 0) || !(lengthMs >= 0) || !(startMs >= 0)) return ' '.repeat(width)
  const start = Math.min(width - 1, Math.floor((startMs / totalMs) * width))
  const room = width - start
  if (ascii) {
    const cells = Math.min(room, Math.max(1, Math.round((lengthMs / totalMs) * width)))
    return (' '.repeat(start) + '='.repeat(cells)).padEnd(width)
  }
  const eighths = Math.min(room * 8, Math.max(1, Math.round((lengthMs / totalMs) * width * 8)))
  return (' '.repeat(start) + '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '')).padEnd(width)
}
