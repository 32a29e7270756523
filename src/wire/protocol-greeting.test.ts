// recogniseProtocol(): real greetings and error answers of other protocols, and content that must not be taken for one.
import { describe, expect, test } from 'vitest'
import { recogniseProtocol } from './protocol-greeting.ts'

const KNOWN: [name: string, bytes: string][] = [
  ['SSH', 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'],
  ['SSH', 'SSH-1.99-Cisco-1.25\n'],
  ['TLS (alert)', '\x15\x03\x01\x00\x02\x02\x46'],
  ['TLS (alert)', '\x15\x03\x03\x00\x02\x02\x28'],
  ['TLS (handshake)', '\x16\x03\x03\x00\x7a\x02\x00\x00\x76'],
  ['TLS', '\x17\x03\x03\x00\x20'],
  ['HTTP/2', '\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x80'],
  ['HTTP/2', '\x00\x00\x00\x04\x00\x00\x00\x00\x00'],
  ['HTTP/2', '\x00\x00\x08\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01'],
  ['RTSP', 'RTSP/1.0 400 Bad Request\r\n'],
  ['SIP', 'SIP/2.0 405 Method Not Allowed\r\n'],
  ['ICY (SHOUTcast)', 'ICY 200 OK\r\n'],
  ['ICAP', 'ICAP/1.0 501 Other\r\n'],
  ['FTP', '220 (vsFTPd 3.0.3)\r\n'],
  ['FTP', '220 ProFTPD Server (Debian) [::ffff:10.0.0.1]\r\n'],
  ['FTP', '220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------\r\n'],
  ['FTP', '220-FileZilla Server 1.5.1\r\n'],
  ['FTP', '220 mail.example.test FTP server ready\r\n'],
  ['FTP', '530 Please login with USER and PASS.\r\n'],
  ['SMTP', '220 mail.example.test ESMTP Postfix (Debian/GNU)\r\n'],
  ['SMTP', '220 ftp.example.test ESMTP Exim 4.96\r\n'],
  ['SMTP', '220-mail.example.test ready\r\n'],
  ['SMTP', '554 mx.example.test ESMTP not accepting messages\r\n'],
  ['SMTP', '421 4.7.0 Too many 5.7.0 mail connections\r\n'],
  ['SMTP', '502 5.5.2 Error: command not recognized\r\n'],
  ['SMTP', '500 5.5.1 unknown\r\n'],
  ['SMTP or FTP', '220 ready\r\n'],
  ['LMTP', '220 host Cyrus LMTP 3.6 server ready\r\n'],
  ['NNTP', '200 news.example.test InterNetNews NNRP server INN 2.7.0 ready\r\n'],
  ['POP3', '+OK Dovecot ready.\r\n'],
  ['POP3', '-ERR Unknown command.\r\n'],
  ['IMAP', '* OK [CAPABILITY IMAP4rev1 SASL-IR] Dovecot ready.\r\n'],
  ['IMAP', '* BYE Too many invalid commands.\r\n'],
  ['Redis', "-ERR unknown command 'GET', with args beginning with: \r\n"],
  ['Redis', '-NOAUTH Authentication required.\r\n'],
  ['Redis', '-DENIED Redis is running in protected mode\r\n'],
  ['memcached', 'ERROR\r\nERROR\r\n'],
  ['MySQL', '\x4a\x00\x00\x00\x0a8.0.36\x00\x08\x00\x00\x00'],
  ['MySQL', '\x5b\x00\x00\x00\x0a5.5.5-10.11.6-MariaDB'],
  ['MySQL', "\x45\x00\x00\x00\xff\x6a\x04Host '10.0.0.1' is not allowed"],
  ['PostgreSQL', 'E\x00\x00\x00\x88SFATAL\x00VFATAL\x00C0A000\x00'],
  ['VNC (RFB)', 'RFB 003.008\n'],
  ['AMQP', 'AMQP\x00\x00\x09\x01'],
  ['XMPP', "<?xml version='1.0'?><stream:stream xmlns='jabber:client'>"],
  ['IRC', ':irc.example.test NOTICE * :*** Looking up your hostname...\r\n'],
  ['IRC', ':irc.example.test 451 * GET :You have not registered\r\n'],
  ['IRC', 'NOTICE AUTH :*** Checking Ident\r\n'],
  ['IRC', 'ERROR :Closing Link: [10.0.0.1]\r\n'],
  ['rsync', '@RSYNCD: 31.0\n'],
  ['NATS', 'INFO {"server_id":"x"}\r\n'],
  ['beanstalkd', 'UNKNOWN_COMMAND\r\n'],
  ['ManageSieve', '"IMPLEMENTATION" "Dovecot Pigeonhole"\r\n'],
  ['STOMP', 'ERROR\nmessage:Unknown command\n'],
  ['WebLogic T3', 'HELO:12.2.1.4.0.false\n'],
  ['Java debugger (JDWP)', 'JDWP-Handshake'],
  ['Java serialisation', '\xac\xed\x00\x05'],
  ['BitTorrent', '\x13BitTorrent protocol\x00'],
  ['Zabbix', 'ZBXD\x01\x0f\x00'],
  ['MQTT', '\x20\x02\x00\x01'],
  ['LDAP', '0\x0c\x02\x01\x00x\x07\x0a\x01\x02\x04\x00\x04\x00'],
  ['Telnet', '\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27'],
  ['RDP', '\x03\x00\x00\x0b\x06\xd0\x00\x00\x12\x34\x00'],
  ['Cassandra (CQL)', '\x84\x00\x00\x00\x00\x00\x00\x00\x4d'],
  ['SOCKS5', '\x05\xff'],
]

const UNKNOWN: string[] = [
  '',
  'H',
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 220 mail\r\n',
  '<!doctype html>\n<h1>SSH-2.0</h1>',
  '<?xml version="1.0"?><rss>',
  '{"status":220}',
  'hello',
  '220',
  '2200 smtp',
  '+1 great',
  '* item',
  '- item',
  'ERROR: division by zero\n',
  'INFO starting\n',
  ': comment\n',
  '\x00\x00\x00\x00\x00\x00\x00\x00\x00',
  '\xff\xfe<\x00h\x00t\x00m\x00l\x00',
  '\x81\xa6\xcb\xf0\x15:_\x84',
  'E\x00',
  '0',
  '0\x84',
  '\x16',
  '\x15\x04\x00\x00\x00',
]

describe('recogniseProtocol()', () => {
  for (const [name, bytes] of KNOWN) {
    test(`names ${name} by ${JSON.stringify(bytes.slice(0, 40))}`, () => {
      expect(recogniseProtocol(Buffer.from(bytes, 'latin1'))).toBe(name)
    })
  }

  for (const bytes of UNKNOWN) {
    test(`names nothing in ${JSON.stringify(bytes)}`, () => {
      expect(recogniseProtocol(Buffer.from(bytes, 'latin1'))).toBeNull()
    })
  }

  test('looks only at what it is given, inside a larger buffer', () => {
    const larger = Buffer.from('xxSSH-2.0-a', 'latin1')
    expect(recogniseProtocol(larger.subarray(2))).toBe('SSH')
    expect(recogniseProtocol(larger.subarray(2, 5))).toBeNull()
  })

  test('never throws, whatever the length', () => {
    for (const [, bytes] of KNOWN) {
      const whole = Buffer.from(bytes, 'latin1')
      for (let length = 0; length <= whole.length; length++) recogniseProtocol(whole.subarray(0, length))
    }
    expect(recogniseProtocol(Buffer.alloc(100_000, 0x41))).toBeNull()
  })
})
