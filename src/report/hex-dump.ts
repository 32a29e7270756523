// Bytes as offset, hex and ASCII, sixteen or fewer a line, one stretch of them marked.

export interface HexDump {
  lines: string[]
  /** For each line a line of carets under the marked bytes, null where nothing is marked. */
  marks: (string | null)[]
}

/**
 * Dumps bytes whose first one stands at `offset` of the stream. Bytes from `markFrom` on (`markLength` of them, in
 * stream offsets) are marked. `perLine` must be a power of two; lines are at most 11 + 4 * perLine columns wide.
 */
export function hexDump(
  bytes: Uint8Array,
  offset: number,
  perLine: number,
  mark: { from: number; length: number } | null = null,
): HexDump {
  const lines: string[] = []
  const marks: (string | null)[] = []
  for (let start = 0; start < bytes.length; start += perLine) {
    let hex = ''
    let text = ''
    let under = ''
    let marked = false
    for (let index = start; index < start + perLine; index++) {
      const byte = bytes[index]
      const isMarked =
        byte !== undefined &&
        mark !== null &&
        offset + index >= mark.from &&
        offset + index < mark.from + mark.length
      hex += byte === undefined ? '   ' : `${byte.toString(16).padStart(2, '0')} `
      under += isMarked ? '^^ ' : '   '
      marked ||= isMarked
      if (byte !== undefined) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'
    }
    lines.push(`${(offset + start).toString(16).padStart(8, '0')}  ${hex} ${text}`)
    marks.push(marked ? `          ${under.trimEnd()}` : null)
  }
  return { lines, marks }
}

/** Bytes a line of a hex dump can hold in so many columns: 16, 8 or 4. */
export function bytesPerLine(width: number): number {
  if (width >= 11 + 4 * 16) return 16
  return width >= 11 + 4 * 8 ? 8 : 4
}
