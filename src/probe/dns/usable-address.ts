// Which addresses can be a host at all. What may be dialled is a matter of policy and decided elsewhere.

/**
 * Why an address can never be a host that answers, as a sentence part; null when it can. IPv6 in the form of
 * RFC 5952. On every check's way, so it looks at characters and allocates nothing.
 */
export function unusableAddress(ip: string): string | null {
  if (ip.includes(':')) return unusableIpv6(ip)
  const dot = ip.indexOf('.')
  if (dot === 1 && ip.charCodeAt(0) === 0x30) return 'in 0.0.0.0/8, "this network" (RFC 1122, 3.2.1.3)'
  if (dot !== 3) return null
  if (ip === '255.255.255.255') return 'the broadcast address'
  const first = Number(ip.slice(0, 3))
  return first >= 224 && first <= 239 ? 'a multicast address' : null
}

function unusableIpv6(ip: string): string | null {
  if (ip === '::') return 'the unspecified address'
  const first = ip.indexOf(':')
  if (first === 4 && ip.startsWith('ff')) return 'a multicast address'
  // fe80::/10 is every first group from fe80 to febf.
  if (first === 4 && ip.startsWith('fe') && '89ab'.includes(ip.charAt(2))) {
    return ip.includes('%') ? null : 'a link-local address without its interface'
  }
  return ip.startsWith('::ffff:') && ip.includes('.') ? unusableAddress(ip.slice(7)) : null
}
