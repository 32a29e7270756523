// The part of dns-packet 5.6.1 that the tests use, as an oracle and as the test server's writer; it ships no types.
declare module 'dns-packet' {
  export interface PacketQuestion {
    name: string
    type: string
    class?: string
  }

  export interface PacketRecord {
    name: string
    type: string
    class?: string
    ttl?: number
    /** Depends on the type: a string, an object, bytes or a list. */
    data?: unknown
    /** OPT only. */
    udpPayloadSize?: number
    extendedRcode?: number
    ednsVersion?: number
    flags?: number
    options?: { code: number | string; data?: Uint8Array }[]
  }

  export interface Packet {
    type?: 'query' | 'response'
    id?: number
    flags?: number
    rcode?: string
    questions?: PacketQuestion[]
    answers?: PacketRecord[]
    authorities?: PacketRecord[]
    additionals?: PacketRecord[]
  }

  export const AUTHORITATIVE_ANSWER: number
  export const TRUNCATED_RESPONSE: number
  export const RECURSION_DESIRED: number
  export const RECURSION_AVAILABLE: number
  export const AUTHENTIC_DATA: number
  export const CHECKING_DISABLED: number

  export function encode(packet: Packet): Buffer
  export function decode(bytes: Buffer): Packet
}
