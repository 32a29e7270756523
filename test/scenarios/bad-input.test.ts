// Whatever the caller gets wrong ends in one clear sentence on standard error that names the option, exit status 3,
// nothing on standard output and no stack trace. Nothing is sent before.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issue } from '../world/certificates.ts'
import { type HttpWorld, httpServer, ok } from '../world/http-server.ts'
import { whydown } from './cli-process.ts'

let folder = ''
let server: HttpWorld

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whydown-bad-input-'))
  const issued = issue({ commonName: 'client.test' })
  writeFileSync(join(folder, 'cert.pem'), issued.pem)
  writeFileSync(join(folder, 'key.pem'), issued.keyPem)
  writeFileSync(join(folder, 'text.pem'), 'no certificate\n')
  writeFileSync(join(folder, 'empty'), '')
  mkdirSync(join(folder, 'folder'))
  server = await httpServer(ok())
})

afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server.close()
})

/** The URL of a server that is up, so that nothing but the mistake can end the check. */
const URL_OF_SERVER = '{url}'
const HERE = '{folder}'

/** Arguments, and what the sentence must name. */
const MISTAKES: [name: string, args: string[], says: RegExp][] = [
  ['no URL at all for check', ['check'], /missing required argument 'URL'/],
  ['an empty URL', [''], /URL/],
  ['an unknown scheme', ['ftp://example.test/'], /http/],
  ['a scheme that runs code', ['javascript:alert(1)'], /http/],
  ['a file', ['file:///etc/passwd'], /http/],
  ['a misspelt scheme', ['htp://example.test/'], /http/],
  ['port 0', ['http://127.0.0.1:0/'], /port/i],
  ['port 70000', ['http://127.0.0.1:70000/'], /port/i],
  ['a URL without a host', ['http://'], /host/],
  ['a URL with a space in the name', ['http://exa mple.test/'], /space/i],
  ['two URLs', [URL_OF_SERVER, URL_OF_SERVER], /one URL at a time/],
  ['an unknown option', [URL_OF_SERVER, '--bogus'], /--bogus/],
  ['a misspelt option', [URL_OF_SERVER, '--tiemout', '3s'], /--tiemout.*--timeout/],
  ['a misspelt command', ['chekc', URL_OF_SERVER], /chekc.*check/],
  ['help for a misspelt command', ['help', 'chekc'], /chekc.*check/],
  ['an option without its value', [URL_OF_SERVER, '--format'], /--format/],
  [
    'an unknown format',
    [URL_OF_SERVER, '--format', 'xml'],
    /--format "xml".*text, json, markdown, html, har/,
  ],
  [
    'a format named like a method of objects',
    [URL_OF_SERVER, '--format', 'constructor'],
    /--format "constructor"/,
  ],
  ['--json with another format', [URL_OF_SERVER, '--json', '--format', 'text'], /--json and --format/],
  ['both families', [URL_OF_SERVER, '-4', '-6'], /-4 and -6/],
  ['both versions', [URL_OF_SERVER, '--http1', '--http2'], /--http1 and --http2/],
  ['both authentications', [URL_OF_SERVER, '--user', 'a:b', '--bearer', 'c'], /--user and --bearer/],
  ['a user without a password', [URL_OF_SERVER, '--user', 'topsecret'], /--user/],
  ['a bearer token with a line break', [URL_OF_SERVER, '--bearer', 'a\r\nb'], /--bearer/],
  ['a negative timeout', [URL_OF_SERVER, '--timeout', '-5s'], /--timeout "-5s".*20s/],
  ['a timeout of zero', [URL_OF_SERVER, '--timeout', '0'], /--timeout/],
  ['a timeout in words', [URL_OF_SERVER, '--timeout', 'soon'], /--timeout/],
  ['a bad connect timeout', [URL_OF_SERVER, '--connect-timeout', '1y'], /--connect-timeout/],
  ['no repetition', [URL_OF_SERVER, '--repeat', '0'], /--repeat/],
  [
    'repetition into one archive',
    [URL_OF_SERVER, '--repeat', '2', '--format', 'har'],
    /--repeat and --format har/,
  ],
  ['a header with a line break', [URL_OF_SERVER, '--header', 'X-A: b\r\nX-C: d'], /--header.*line break/],
  ['a header without a colon', [URL_OF_SERVER, '--header', 'X-A'], /--header.*Name: value/],
  ['a header with a bad name', [URL_OF_SERVER, '--header', 'X A: b'], /--header/],
  ['a header that is counted', [URL_OF_SERVER, '--header', 'Content-Length: 9'], /--header Content-Length/],
  ['a method with a space', [URL_OF_SERVER, '--method', 'GET /'], /--method/],
  ['CONNECT as a method', [URL_OF_SERVER, '--method', 'CONNECT'], /--method CONNECT.*--proxy/],
  ['an empty user agent', [URL_OF_SERVER, '--user-agent', ''], /--user-agent/],
  ['data from a file that is not there', [URL_OF_SERVER, '--data', `@${HERE}/none`], /--data.*no such file/],
  ['data from a directory', [URL_OF_SERVER, '--data', `@${HERE}/folder`], /--data.*directory/],
  ['too many redirects', [URL_OF_SERVER, '--max-redirects', '1000'], /--max-redirects/],
  [
    'redirects both ways',
    [URL_OF_SERVER, '--no-redirects', '--max-redirects', '3'],
    /--no-redirects and --max-redirects/,
  ],
  ['a bad size', [URL_OF_SERVER, '--max-body', '1g'], /--max-body/],
  ['a status that is none', [URL_OF_SERVER, '--expect-status', '20'], /--expect-status "20"/],
  ['a range of statuses backwards', [URL_OF_SERVER, '--expect-status', '300-200'], /--expect-status/],
  ['an empty check word', [URL_OF_SERVER, '--expect-text', ''], /--expect-text/],
  ['an empty unwanted word', [URL_OF_SERVER, '--reject-text', ''], /--reject-text/],
  ['a JSON path that does not parse', [URL_OF_SERVER, '--expect-json', '$.a[=1'], /--expect-json/],
  ['an empty JSON path', [URL_OF_SERVER, '--expect-json', '=1'], /--expect-json/],
  ['days that are no number', [URL_OF_SERVER, '--expect-cert-days', 'ten'], /--expect-cert-days/],
  ['a time that is none', [URL_OF_SERVER, '--expect-time', 'fast'], /--expect-time/],
  [
    'a name to connect to',
    [URL_OF_SERVER, '--connect-to', 'example.test'],
    /--connect-to "example\.test".*IP address/,
  ],
  ['port 0 to connect to', [URL_OF_SERVER, '--connect-to', '127.0.0.1:0'], /--connect-to/],
  ['a family against the address', [URL_OF_SERVER, '-6', '--connect-to', '127.0.0.1'], /-6 and --connect-to/],
  [
    'a proxy and a direct address',
    [URL_OF_SERVER, '--connect-to', '127.0.0.1', '--proxy', 'http://127.0.0.1:1'],
    /--connect-to and --proxy/,
  ],
  ['a proxy that is not one', [URL_OF_SERVER, '--proxy', 'ftp://127.0.0.1/'], /--proxy/],
  ['a proxy with a bad port', [URL_OF_SERVER, '--proxy', 'http://127.0.0.1:99999'], /--proxy/],
  ['an empty proxy', [URL_OF_SERVER, '--proxy', ''], /--proxy/],
  ['a resolver by name', [URL_OF_SERVER, '--resolver', 'dns.example.test'], /--resolver/],
  ['a resolver with a bad port', [URL_OF_SERVER, '--resolver', '127.0.0.1:66000'], /--resolver/],
  [
    'an allowed network that is none',
    [URL_OF_SERVER, '--allow-network', '10.0.0.0/33'],
    /--allow-network.*10\.0\.0\.0\/33/,
  ],
  [
    'a denied network that is none',
    [URL_OF_SERVER, '--deny-network', 'intranet'],
    /--deny-network.*intranet/,
  ],
  ['a CA file that is not there', [URL_OF_SERVER, '--ca', `${HERE}/none.pem`], /--ca.*no such file/],
  ['a CA file that is a directory', [URL_OF_SERVER, '--ca', `${HERE}/folder`], /--ca.*directory/],
  ['a CA file without a certificate', [URL_OF_SERVER, '--ca', `${HERE}/text.pem`], /--ca.*no certificate/],
  ['a certificate without its key', [URL_OF_SERVER, '--cert', `${HERE}/cert.pem`], /--cert.*--key/],
  ['a key without its certificate', [URL_OF_SERVER, '--key', `${HERE}/key.pem`], /--key.*--cert/],
  [
    'a key that is none',
    [URL_OF_SERVER, '--cert', `${HERE}/cert.pem`, '--key', `${HERE}/cert.pem`],
    /--key.*private key/,
  ],
  [
    'a passphrase without a key',
    [URL_OF_SERVER, '--key-passphrase-file', `${HERE}/empty`],
    /--key-passphrase-file/,
  ],
  [
    'an empty passphrase',
    [
      URL_OF_SERVER,
      '--cert',
      `${HERE}/cert.pem`,
      '--key',
      `${HERE}/key.pem`,
      '--key-passphrase-file',
      `${HERE}/empty`,
    ],
    /--key-passphrase-file/,
  ],
  ['a server name that is an address', [URL_OF_SERVER, '--server-name', '127.0.0.1'], /--server-name/],
  ['a server name with a space', [URL_OF_SERVER, '--server-name', 'a b'], /--server-name/],
  [
    'a place to save that is not there',
    [URL_OF_SERVER, '--save', `${HERE}/none/evidence.json`],
    /--save.*cannot be written/,
  ],
  ['a directory to save to', [URL_OF_SERVER, '--save', `${HERE}/folder`], /--save.*directory/],
  [
    'repetition into one page',
    [URL_OF_SERVER, '--repeat', '2', '--format', 'html'],
    /--repeat and --format html/,
  ],
  ['an origin by name', [URL_OF_SERVER, '--origin', 'origin.test'], /--origin "origin\.test".*IP address/],
  [
    'an origin without a drill',
    [URL_OF_SERVER, '--origin', '127.0.0.1', '--no-drill'],
    /--no-drill and --origin/,
  ],
  ['a resolver to compare by name', [URL_OF_SERVER, '--compare-resolver', 'dns.test'], /--compare-resolver/],
  ['a reference that is no URL', [URL_OF_SERVER, '--reference', 'ftp://a.test/'], /--reference "ftp:/],
  [
    'too many references',
    [URL_OF_SERVER, ...Array.from({ length: 9 }, () => ['--reference', 'http://127.0.0.1/']).flat()],
    /--reference was given 9 times/,
  ],
  ['a good check that is not there', [URL_OF_SERVER, '--compare', `${HERE}/none`], /--compare.*no such file/],
  ['a good check that is none', [URL_OF_SERVER, '--compare', `${HERE}/text.pem`], /--compare.*not JSON/],
  ['a good check that is empty', [URL_OF_SERVER, '--compare', `${HERE}/empty`], /--compare.*empty/],
  [
    'registries without --contact',
    [URL_OF_SERVER, '--rdap-bootstrap', 'http://127.0.0.1/'],
    /--rdap-bootstrap.*--contact/,
  ],
  [
    'registries at no URL',
    [URL_OF_SERVER, '--contact', '--rdap-bootstrap', 'file:///etc/passwd'],
    /--rdap-bootstrap.*not the URL/,
  ],
  ['nothing to diagnose', ['diagnose'], /diagnose needs evidence/],
  [
    'evidence and a response',
    ['diagnose', `${HERE}/empty`, '--response', `${HERE}/empty`],
    /FILE and --response/,
  ],
  ['two files to diagnose', ['diagnose', `${HERE}/empty`, `${HERE}/cert.pem`], /one file at a time/],
  ['evidence that is not there', ['diagnose', `${HERE}/none`], /FILE.*no such file/],
  ['a response that is a directory', ['diagnose', '--response', `${HERE}/folder`], /--response.*directory/],
  ['an empty response', ['diagnose', '--response', `${HERE}/empty`], /--response.*is empty/],
  [
    'a response as an archive',
    ['diagnose', '--response', `${HERE}/text.pem`, '--format', 'har'],
    /--response and --format har/,
  ],
  ['a width that is none', [URL_OF_SERVER, '--width', 'wide'], /--width/],
  ['a width too small to read', [URL_OF_SERVER, '--width', '3'], /--width/],
  ['arguments that would paint the terminal', [URL_OF_SERVER, '--format', '\x1b[31m\u202e'], /--format/],
]

describe('whydown refuses', () => {
  test.each(MISTAKES)('%s', async (_name, args, says) => {
    const before = server.requests.length
    const ended = await whydown(
      args.map((arg) => arg.replace(URL_OF_SERVER, server.url).replace(HERE, folder)),
    )
    expect(ended.stderr).toMatch(says)
    expect(ended).toMatchObject({ status: 3, signal: null, stdout: '' })
    expect(ended.stderr).toMatch(/^whydown: [^\n]{10,600}\n$/)
    expect(ended.stderr).not.toMatch(/\n\s+at |bug in whydown|undefined|topsecret/)
    expect(ended.stderr.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(server.requests).toHaveLength(before)
  })

  test('a proxy in the environment that is not one', async () => {
    const ended = await whydown([server.url], { env: { http_proxy: 'ftp://127.0.0.1/' } })
    expect(ended).toMatchObject({ status: 3, stdout: '' })
    expect(ended.stderr).toMatch(/^whydown: .*http_proxy.*\n$/)
  })
})

test('whydown without arguments shows its help on standard error and does not say "up"', async () => {
  const ended = await whydown([])
  expect(ended).toMatchObject({ status: 3, stdout: '' })
  expect(ended.stderr).toMatch(/^Usage: whydown URL/)
  expect(ended.stderr).toContain('Examples:')
})
