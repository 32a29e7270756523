// IP addresses as text and as bytes. Pure arithmetic: knows no networks, no policy and no sockets.

/** The four bytes of a dotted IPv4 address, null when it is none. Leading zeros are refused: some read them as octal. */
function parseIpv4(text: string): Uint8Array | null {
  const parts = text.split('.', 5)
  if (parts.length !== 4) return null
  const bytes = new Uint8Array(4)
  for (const [index, part] of parts.entries()) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part)) return null
    const value = Number(part)
    if (value > 255) return null
    bytes[index] = value
  }
  return bytes
}

/** The groups of one side of `::` written into `into` from `at` on; the index behind them, -1 when malformed. */
function parseGroups(text: string, into: Uint8Array, at: number): number {
  if (text === '') return at
  const groups = text.split(':', 10)
  for (const [index, group] of groups.entries()) {
    if (index === groups.length - 1 && group.includes('.')) {
      const tail = parseIpv4(group)
      if (!tail || at + 4 > 16) return -1
      into.set(tail, at)
      return at + 4
    }
    if (at + 2 > 16 || !/^[0-9a-f]{1,4}$/i.test(group)) return -1
    const value = Number.parseInt(group, 16)
    into[at] = value >> 8
    into[at + 1] = value & 0xff
    at += 2
  }
  return at
}

/**
 * The bytes of an IP address in text form (RFC 4291, 2.2): 4 for IPv4, 16 for IPv6, null when it is neither.
 * A zone (`%eth0`) is no part of the address and is ignored; brackets are not accepted.
 */
export function parseIp(text: string): Uint8Array | null {
  if (text.length > 100) return null
  if (!text.includes(':')) return parseIpv4(text)
  const zone = text.indexOf('%')
  if (zone >= 0 && !/^[0-9a-z.:-]+$/i.test(text.slice(zone + 1))) return null
  const bare = zone < 0 ? text : text.slice(0, zone)
  const bytes = new Uint8Array(16)
  const gap = bare.indexOf('::')
  if (gap < 0) return parseGroups(bare, bytes, 0) === 16 ? bytes : null
  const left = bare.slice(0, gap)
  // A dotted tail stands at the very end only.
  if (left.includes('.')) return null
  const before = parseGroups(left, bytes, 0)
  const tail = new Uint8Array(16)
  const behind = parseGroups(bare.slice(gap + 2), tail, 0)
  // `::` stands for at least one group of zeros.
  if (before < 0 || behind < 0 || before + behind > 14) return null
  bytes.set(tail.subarray(0, behind), 16 - behind)
  return bytes
}

/** 4 or 16 bytes as text; IPv6 in the canonical form of RFC 5952: lower case, the longest run of zeros as `::`. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups: number[] = []
  for (let at = 0; at < 16; at += 2) groups.push(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0))
  let longest = { at: -1, length: 1 }
  for (let at = 0; at < 8; at++) {
    let length = 0
    while (at + length < 8 && groups[at + length] === 0) length++
    if (length > longest.length) longest = { at, length }
  }
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':')
  if (longest.at < 0) return text(0, 8)
  return `${text(0, longest.at)}::${text(longest.at + longest.length, 8)}`
}

/** Address and port as they stand together: `127.0.0.1:80`, `[::1]:80`. Names go through unchanged. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
