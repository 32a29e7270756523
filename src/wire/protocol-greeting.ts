// Which protocol speaks, told by the first bytes of a peer that was asked in HTTP (or greeted first). Only names what
// the bytes prove; judges nothing.

interface Greeting {
  name: string
  /** `text` is the same bytes as Latin-1. */
  matches(bytes: Uint8Array, text: string): boolean
}

/** Bytes looked at. */
const LOOK_BYTES = 512

function starts(...beginnings: string[]): (bytes: Uint8Array, text: string) => boolean {
  return (_bytes, text) => beginnings.some((beginning) => text.startsWith(beginning))
}

/** First line in lower case, without its end. */
function firstLine(text: string): string {
  let end = 0
  while (end < text.length && text[end] !== '\r' && text[end] !== '\n') end++
  return text.slice(0, end).toLowerCase()
}

/** "220 ..." or "220-...": a reply of the SMTP and FTP family, whose first line has one of the words. */
function reply(code: RegExp, words: string[]): (bytes: Uint8Array, text: string) => boolean {
  return (_bytes, text) => {
    if (!code.test(text)) return false
    const line = firstLine(text)
    return words.length === 0 || words.some((word) => line.includes(word))
  }
}

/** Length, type, flags and stream 0 of an HTTP/2 frame that a server sends first (RFC 9113, 4.1). */
function isHttp2Frame(bytes: Uint8Array): boolean {
  if (bytes.length < 8 || (bytes[5] as number) !== 0 || bytes[6] !== 0 || bytes[7] !== 0) return false
  const length = ((bytes[0] as number) << 16) | ((bytes[1] as number) << 8) | (bytes[2] as number)
  const settings = bytes[3] === 4 && length % 6 === 0 && length <= 16384 && (bytes[4] as number) <= 1
  const goaway = bytes[3] === 7 && length >= 8 && length <= 16384 && bytes[4] === 0
  return settings || goaway
}

function isTlsRecord(bytes: Uint8Array, type: number): boolean {
  return bytes.length >= 5 && bytes[0] === type && bytes[1] === 3 && (bytes[2] as number) <= 4
}

function isMysql(bytes: Uint8Array): boolean {
  if (bytes.length < 6 || bytes[2] !== 0 || (bytes[3] as number) > 1) return false
  // Protocol 10 greeting with a version that begins with a digit, or an error packet with an error number of 1xxx.
  if (bytes[4] === 10) return (bytes[5] as number) >= 0x30 && (bytes[5] as number) <= 0x39
  const number = (bytes[5] as number) | ((bytes[6] ?? 0) << 8)
  return bytes[4] === 0xff && number >= 1000 && number < 5000
}

function isPostgresql(bytes: Uint8Array, text: string): boolean {
  // ErrorResponse: 'E', length, then fields 'S' or 'V' with the severity.
  if (bytes.length < 7 || bytes[0] !== 0x45 || bytes[1] !== 0) return false
  return /^E\0[^]{3}[SV][A-Z]/.test(text)
}

function isLdap(bytes: Uint8Array): boolean {
  // LDAPMessage: SEQUENCE, INTEGER message id, then an application tag of a response.
  if (bytes[0] !== 0x30) return false
  const short = (bytes[1] as number) < 0x80
  const at = short ? 2 : 2 + ((bytes[1] as number) & 0x7f)
  if (at > 6 || bytes[at] !== 2 || bytes[at + 1] !== 1) return false
  const tag = bytes[at + 3] as number
  return tag === 0x78 || tag === 0x61 || tag === 0x65
}

/** IAC, WILL to DONT, an option that exists: not the byte order mark of UTF-16. */
function isTelnet(bytes: Uint8Array): boolean {
  const command = bytes[1] ?? 0
  return bytes[0] === 0xff && command >= 0xfb && command <= 0xfe && (bytes[2] ?? 0xff) < 0x28
}

/** In this order: the narrow ones before those with which they share a beginning. */
const GREETINGS: Greeting[] = [
  { name: 'SSH', matches: starts('SSH-') },
  { name: 'TLS (alert)', matches: (bytes) => isTlsRecord(bytes, 21) },
  { name: 'TLS (handshake)', matches: (bytes) => isTlsRecord(bytes, 22) },
  { name: 'TLS', matches: (bytes) => isTlsRecord(bytes, 20) || isTlsRecord(bytes, 23) },
  { name: 'HTTP/2', matches: (bytes, text) => isHttp2Frame(bytes) || text.startsWith('PRI * HTTP/2') },
  { name: 'RTSP', matches: starts('RTSP/') },
  { name: 'SIP', matches: starts('SIP/2.0') },
  { name: 'ICY (SHOUTcast)', matches: starts('ICY ') },
  { name: 'ICE', matches: starts('ICE/1.') },
  { name: 'ICAP', matches: starts('ICAP/1.') },
  { name: 'LMTP', matches: reply(/^220[ -]/, ['lmtp']) },
  { name: 'SMTP', matches: reply(/^(220|421|554)[ -]/, ['smtp']) },
  {
    name: 'FTP',
    matches: reply(/^(220|421|500|502|530)[ -]/, ['ftp', 'filezilla', 'login with user and pass']),
  },
  { name: 'SMTP', matches: reply(/^(220|421|554)[ -]/, ['mail', 'postfix', 'exim', 'exchange']) },
  {
    name: 'SMTP',
    matches: reply(/^(421|500|501|502|503|521|554)[ -]/, [
      'command unrecognized',
      'command not recognized',
      '5.5.',
      '5.7.',
    ]),
  },
  { name: 'SMTP or FTP', matches: reply(/^220[ -]/, []) },
  { name: 'NNTP', matches: reply(/^(200|201|400|502) /, ['nntp', 'news', 'inn']) },
  { name: 'POP3', matches: starts('+OK ', '+OK\r\n', '-ERR Unknown command.', '-ERR unknown command\r\n') },
  { name: 'IMAP', matches: starts('* OK ', '* OK[', '* PREAUTH ', '* BYE ') },
  { name: 'Redis', matches: starts('-ERR ', '-NOAUTH ', '-DENIED ', '-LOADING ', '-MISCONF ', '+PONG\r\n') },
  {
    name: 'memcached',
    matches: (_bytes, text) => text.startsWith('ERROR\r\n') || text.startsWith('CLIENT_ERROR '),
  },
  { name: 'MySQL', matches: isMysql },
  { name: 'PostgreSQL', matches: isPostgresql },
  { name: 'VNC (RFB)', matches: starts('RFB 00') },
  { name: 'AMQP', matches: starts('AMQP') },
  { name: 'XMPP', matches: (_bytes, text) => text.startsWith('<') && text.includes('stream:stream') },
  {
    name: 'IRC',
    matches: (_bytes, text) => {
      const line = firstLine(text)
      return (
        line.startsWith('notice auth ') ||
        line.startsWith('error :') ||
        (line.startsWith(':') && (line.includes(' notice ') || /^:\S{1,200} [0-9]{3} /.test(line)))
      )
    },
  },
  { name: 'rsync', matches: starts('@RSYNCD:') },
  { name: 'NATS', matches: starts('INFO {', "-ERR 'Unknown Protocol") },
  { name: 'beanstalkd', matches: starts('UNKNOWN_COMMAND\r\n', 'BAD_FORMAT\r\n') },
  { name: 'ManageSieve', matches: starts('"IMPLEMENTATION"') },
  { name: 'STOMP', matches: starts('ERROR\nmessage:', 'ERROR\ncontent-type:') },
  { name: 'WebLogic T3', matches: starts('HELO:') },
  { name: 'Java debugger (JDWP)', matches: starts('JDWP-Handshake') },
  {
    name: 'Java serialisation',
    matches: (bytes) => bytes[0] === 0xac && bytes[1] === 0xed && bytes[2] === 0 && bytes[3] === 5,
  },
  { name: 'BitTorrent', matches: starts('\x13BitTorrent protocol') },
  { name: 'Zabbix', matches: starts('ZBXD') },
  {
    name: 'MQTT',
    matches: (bytes) =>
      bytes[0] === 0x20 &&
      (bytes[1] === 2 || bytes[1] === 3) &&
      (bytes[2] as number) <= 1 &&
      bytes.length <= 5,
  },
  { name: 'LDAP', matches: isLdap },
  { name: 'Telnet', matches: isTelnet },
  {
    name: 'RDP',
    matches: (bytes) =>
      bytes[0] === 3 && bytes[1] === 0 && bytes[2] === 0 && (bytes[3] as number) >= 7 && bytes[5] === 0xd0,
  },
  {
    name: 'Cassandra (CQL)',
    matches: (bytes) =>
      (bytes[0] as number) >= 0x83 && (bytes[0] as number) <= 0x85 && bytes[4] === 0 && bytes.length >= 8,
  },
  {
    name: 'SOCKS5',
    matches: (bytes) =>
      bytes.length === 2 && bytes[0] === 5 && (bytes[1] === 0xff || bytes[1] === 0 || bytes[1] === 2),
  },
]

/**
 * Names the protocol that the first bytes of a peer belong to; null when they prove none. HTTP/1 itself is not in the
 * table. Never throws; looks at 512 bytes at most.
 */
export function recogniseProtocol(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return null
  const looked = bytes.length > LOOK_BYTES ? bytes.subarray(0, LOOK_BYTES) : bytes
  const text = Buffer.from(looked.buffer, looked.byteOffset, looked.length).toString('latin1')
  for (const greeting of GREETINGS) if (greeting.matches(looked, text)) return greeting.name
  return null
}
