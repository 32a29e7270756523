// SOCKS version 5 as bytes: RFC 1928 and user/password after RFC 1929. Pure: knows no socket and no policy.
import { formatIp, parseIp } from '../model/address.ts'

export const SOCKS5_VERSION = 5

/** Method numbers of RFC 1928, section 3. */
export const SOCKS5_METHODS = { none: 0x00, password: 0x02, unacceptable: 0xff } as const

/** The longest name, user name or password: its length is one byte. */
export const SOCKS5_TEXT_BYTES = 255

/** Bytes of a reply that tell how long it is: version, reply, reserved, address type, first byte of the address. */
export const SOCKS5_REPLY_START_BYTES = 5

/** Reply codes of RFC 1928, section 6, in its words. */
const REPLIES: Record<number, string> = {
  0: 'succeeded',
  1: 'general SOCKS server failure',
  2: 'connection not allowed by ruleset',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'TTL expired',
  7: 'command not supported',
  8: 'address type not supported',
}

const ADDRESS_IPV4 = 1
const ADDRESS_NAME = 3
const ADDRESS_IPV6 = 4
const COMMAND_CONNECT = 1
const PASSWORD_VERSION = 1

/** What the proxy is to dial: an IP address, or a name that it resolves itself. */
export interface Socks5Destination {
  host: string
  port: number
}

export interface Socks5Reply {
  version: number
  code: number
  /** The words of RFC 1928 for the code, or "reply code N" for one it does not know. */
  says: string
  /** The address the proxy dialled from, as it says; null when the address type is unknown. */
  bound: Socks5Destination | null
}

/** The first message: which ways to log in we know. */
export function encodeSocks5Greeting(withPassword: boolean): Uint8Array {
  return withPassword
    ? Uint8Array.of(SOCKS5_VERSION, 2, SOCKS5_METHODS.none, SOCKS5_METHODS.password)
    : Uint8Array.of(SOCKS5_VERSION, 1, SOCKS5_METHODS.none)
}

/** User name and password, each 1 to 255 bytes of UTF-8; null when one does not fit (RFC 1929, section 2). */
export function encodeSocks5Password(user: string, password: string): Uint8Array | null {
  const encoder = new TextEncoder()
  const name = encoder.encode(user)
  const secret = encoder.encode(password)
  if (name.length < 1 || name.length > SOCKS5_TEXT_BYTES) return null
  if (secret.length < 1 || secret.length > SOCKS5_TEXT_BYTES) return null
  const bytes = new Uint8Array(3 + name.length + secret.length)
  bytes[0] = PASSWORD_VERSION
  bytes[1] = name.length
  bytes.set(name, 2)
  bytes[2 + name.length] = secret.length
  bytes.set(secret, 3 + name.length)
  return bytes
}

/** The request to connect; an IP address goes as such, all else as a name. Null when the name does not fit. */
export function encodeSocks5Connect({ host, port }: Socks5Destination): Uint8Array | null {
  const ip = parseIp(host)
  const name = ip ? null : new TextEncoder().encode(host)
  if (name && (name.length < 1 || name.length > SOCKS5_TEXT_BYTES)) return null
  const address = name ?? ip ?? new Uint8Array()
  const start = name ? 5 : 4
  const bytes = new Uint8Array(start + address.length + 2)
  bytes[0] = SOCKS5_VERSION
  bytes[1] = COMMAND_CONNECT
  bytes[3] = name ? ADDRESS_NAME : address.length === 4 ? ADDRESS_IPV4 : ADDRESS_IPV6
  if (name) bytes[4] = name.length
  bytes.set(address, start)
  bytes[start + address.length] = port >> 8
  bytes[start + address.length + 1] = port & 0xff
  return bytes
}

/** Whole length of a reply by its first five bytes; null when the address type is none of RFC 1928's. */
export function socks5ReplyBytes(start: Uint8Array): number | null {
  switch (start[3]) {
    case ADDRESS_IPV4:
      return 4 + 4 + 2
    case ADDRESS_IPV6:
      return 4 + 16 + 2
    case ADDRESS_NAME:
      return 5 + (start[4] ?? 0) + 2
    default:
      return null
  }
}

/** Reads a reply; `bytes` may be only its start, then the bound address is null. */
export function decodeSocks5Reply(bytes: Uint8Array): Socks5Reply {
  const code = bytes[1] ?? 0xff
  const reply: Socks5Reply = {
    version: bytes[0] ?? 0,
    code,
    says: REPLIES[code] ?? `reply code ${code}`,
    bound: null,
  }
  const length = socks5ReplyBytes(bytes)
  if (length === null || bytes.length < length) return reply
  const named = bytes[3] === ADDRESS_NAME
  const address = bytes.subarray(named ? 5 : 4, length - 2)
  const port = ((bytes[length - 2] ?? 0) << 8) | (bytes[length - 1] ?? 0)
  reply.bound = { host: named ? new TextDecoder('latin1').decode(address) : formatIp(address), port }
  return reply
}
