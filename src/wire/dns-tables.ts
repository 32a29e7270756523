// The DNS numbers and their names (IANA "Domain Name System (DNS) Parameters"). Data only; judges nothing.

/** RCODEs, RFC 1035 4.1.1, RFC 2136, RFC 6891, RFC 8945, RFC 7873. 16 is BADVERS in messages (BADSIG only in TSIG). */
const RCODES: Record<number, string> = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  6: 'YXDOMAIN',
  7: 'YXRRSET',
  8: 'NXRRSET',
  9: 'NOTAUTH',
  10: 'NOTZONE',
  11: 'DSOTYPENI',
  16: 'BADVERS',
  17: 'BADKEY',
  18: 'BADTIME',
  19: 'BADMODE',
  20: 'BADNAME',
  21: 'BADALG',
  22: 'BADTRUNC',
  23: 'BADCOOKIE',
}

/** Extended DNS Errors, RFC 8914 section 4 and the later registrations. */
const EXTENDED_ERRORS: Record<number, string> = {
  0: 'Other',
  1: 'Unsupported DNSKEY Algorithm',
  2: 'Unsupported DS Digest Type',
  3: 'Stale Answer',
  4: 'Forged Answer',
  5: 'DNSSEC Indeterminate',
  6: 'DNSSEC Bogus',
  7: 'Signature Expired',
  8: 'Signature Not Yet Valid',
  9: 'DNSKEY Missing',
  10: 'RRSIGs Missing',
  11: 'No Zone Key Bit Set',
  12: 'NSEC Missing',
  13: 'Cached Error',
  14: 'Not Ready',
  15: 'Blocked',
  16: 'Censored',
  17: 'Filtered',
  18: 'Prohibited',
  19: 'Stale NXDOMAIN Answer',
  20: 'Not Authoritative',
  21: 'Not Supported',
  22: 'No Reachable Authority',
  23: 'Network Error',
  24: 'Invalid Data',
  25: 'Signature Expired before Valid',
  26: 'Too Early',
  27: 'Unsupported NSEC3 Iterations Value',
  28: 'Unable to conform to policy',
  29: 'Synthesized',
  30: 'Invalid Query Type',
}

/** Record types whose data is decoded into fields. */
export const DECODED_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
  DS: 43,
  RRSIG: 46,
  DNSKEY: 48,
  SVCB: 64,
  HTTPS: 65,
  CAA: 257,
} as const

/** Record types that have a name here while their data stays raw. */
export const RAW_TYPES = {
  HINFO: 13,
  RP: 17,
  LOC: 29,
  NAPTR: 35,
  CERT: 37,
  OPT: 41,
  SSHFP: 44,
  NSEC: 47,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  CDS: 59,
  CDNSKEY: 60,
  CSYNC: 62,
  ZONEMD: 63,
  SPF: 99,
  TSIG: 250,
  ANY: 255,
  URI: 256,
} as const

export type DecodedType = keyof typeof DECODED_TYPES
export type RawType = keyof typeof RAW_TYPES | `TYPE${number}`
export type DnsType = DecodedType | RawType

/** EDNS option codes (RFC 6891 section 9 and its registry). */
const EDNS_OPTIONS: Record<number, string> = {
  3: 'NSID',
  8: 'Client Subnet',
  9: 'Expire',
  10: 'Cookie',
  11: 'TCP Keepalive',
  12: 'Padding',
  13: 'Chain',
  14: 'Key Tag',
  15: 'Extended DNS Error',
}

/** SvcParamKeys (RFC 9460 section 14.3.2, RFC 9461, RFC 9540). */
const SERVICE_KEYS: Record<number, string> = {
  0: 'mandatory',
  1: 'alpn',
  2: 'no-default-alpn',
  3: 'port',
  4: 'ipv4hint',
  5: 'ech',
  6: 'ipv6hint',
  7: 'dohpath',
  8: 'ohttp',
}

/** The name of an RCODE; "RCODE24" and the like for those without one. */
export function rcodeName(code: number): string {
  return RCODES[code] ?? `RCODE${code}`
}

/** The name of an Extended DNS Error; "EDE 49152" and the like for those without one. */
export function extendedErrorName(code: number): string {
  return EXTENDED_ERRORS[code] ?? `EDE ${code}`
}

export function ednsOptionName(code: number): string {
  return EDNS_OPTIONS[code] ?? `option ${code}`
}

/** The presentation name of a SvcParamKey, "key667" for those without one (RFC 9460 section 2.1). */
export function serviceKeyName(key: number): string {
  return SERVICE_KEYS[key] ?? `key${key}`
}

/** The name of a record type, "TYPE65280" for those without one (RFC 3597 section 5). */
export function typeName(code: number): DnsType {
  for (const name in DECODED_TYPES) if (DECODED_TYPES[name as DecodedType] === code) return name as DnsType
  for (const name in RAW_TYPES) if (RAW_TYPES[name as keyof typeof RAW_TYPES] === code) return name as DnsType
  return `TYPE${code}`
}

/** The number of a record type by its name or its RFC 3597 form; null when there is none. */
export function typeCode(name: DnsType): number | null {
  if (Object.hasOwn(DECODED_TYPES, name)) return DECODED_TYPES[name as DecodedType]
  if (Object.hasOwn(RAW_TYPES, name)) return RAW_TYPES[name as keyof typeof RAW_TYPES]
  const number = name.startsWith('TYPE') && name.length > 4 ? Number(name.slice(4)) : Number.NaN
  return Number.isInteger(number) && number >= 0 && number <= 65_535 ? number : null
}
