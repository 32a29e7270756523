// Malformed, cut and odd responses: what each is called and where the fault is, whole and at every split.
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/model/check-options.ts'
import type { FailureCode } from '../../src/model/failure.ts'
import { everySplit, oneByOne, outcomeOf, type StreamOptions, wire } from '../property/http1-outcome.ts'
import { CHUNK_EXTENSION_BYTES, TRAILER_BYTES } from '../../src/wire/http1-chunked.ts'
import { FIELD_LINES_LIMIT } from '../../src/wire/http1-head.ts'
import { INTERIM_LIMIT } from '../../src/wire/http1-response.ts'

/** Longer messages are run whole and byte by byte, not at every split. */
const EVERY_SPLIT_BYTES = 600

interface Refused extends StreamOptions {
  name: string
  sent: string
  code: FailureCode
  /** Part of the sentence. */
  says: string
  /** Offset of the first byte at fault. */
  at: number
}

interface Tolerated extends StreamOptions {
  name: string
  sent: string
  /** Part of a note, each. */
  notes: string[]
  fields?: [string, string][]
  reason?: string
  status?: number
  body?: string
  trailers?: [string, string][]
  rest?: string
}

const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`
const AFTER_OK = OK.length
const AFTER_CHUNKED = CHUNKED.length
const SMALL = { ...DEFAULT_LIMITS, headBytes: 100 }

const REFUSED: Refused[] = [
  // Nothing, or not enough.
  { name: 'nothing', sent: '', code: 'closed_without_answer', says: 'before a single byte', at: 0 },
  {
    name: 'nothing, reset',
    sent: '',
    end: 'reset',
    code: 'reset_without_answer',
    says: 'connection reset',
    at: 0,
  },
  {
    name: 'only an interim response',
    sent: 'HTTP/1.1 100 Continue\r\n\r\n',
    code: 'closed_without_answer',
    says: 'after 1 interim response (100)',
    at: 0,
  },
  {
    name: 'only interim responses, reset',
    sent: 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n\r\n',
    end: 'reset',
    code: 'reset_without_answer',
    says: 'after 2 interim responses (103)',
    at: 0,
  },
  { name: 'one letter', sent: 'H', code: 'header_truncated', says: 'after 1 bytes', at: 0 },
  {
    name: 'half a status line',
    sent: 'HTTP/1.1 20',
    code: 'header_truncated',
    says: 'within the head',
    at: 0,
  },
  { name: 'an empty line', sent: '\r\n', code: 'header_truncated', says: 'after 2 bytes', at: 0 },
  {
    name: 'cut in the fields',
    sent: `${OK}Server: x\r\nDate: Fri, 20 Nov 2026 09:00:00 GMT\r\nContent-Le`,
    code: 'header_truncated',
    says: 'connection closed within the head',
    at: 10,
  },
  {
    name: 'reset before the empty line',
    sent: `${OK}Server: x\r\n`,
    end: 'reset',
    code: 'header_truncated',
    says: 'connection reset within the head',
    at: 0,
  },
  {
    name: 'cut after an interim response',
    sent: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nServ',
    code: 'header_truncated',
    says: 'within the head',
    at: 0,
  },
  // Another protocol.
  { name: 'SSH', sent: 'SSH-2.0-OpenSSH_9.2p1\r\n', code: 'not_http', says: 'speaks SSH', at: 0 },
  { name: 'SMTP', sent: '220 mail.example.test ESMTP\r\n', code: 'not_http', says: 'speaks SMTP', at: 0 },
  { name: 'a TLS alert', sent: '\x15\x03\x01\x00\x02\x02\x46', code: 'not_http', says: 'TLS (alert)', at: 0 },
  {
    name: 'HTTP/2 settings',
    sent: '\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64',
    code: 'not_http',
    says: 'speaks HTTP/2',
    at: 0,
  },
  { name: 'ICY', sent: 'ICY 200 OK\r\nicy-name: x\r\n\r\n', code: 'not_http', says: 'SHOUTcast', at: 0 },
  { name: 'RTSP', sent: 'RTSP/1.0 200 OK\r\n\r\n', code: 'not_http', says: 'speaks RTSP', at: 0 },
  { name: 'Redis', sent: "-ERR unknown command 'GET'\r\n", code: 'not_http', says: 'speaks Redis', at: 0 },
  {
    name: 'random bytes',
    sent: '\x81\xa6\xcb\xf0\x15:_\x84\x9e',
    code: 'not_http',
    says: 'no protocol we know',
    at: 0,
  },
  {
    name: 'NUL bytes',
    sent: '\0\0\0\0\0\0\0\0\0\0\0\0',
    code: 'not_http',
    says: 'no protocol we know',
    at: 0,
  },
  {
    name: 'high bytes that are no text',
    sent: '\xff\xfe\xc1\xc0\xf5\xf6\n',
    code: 'not_http',
    says: 'not HTTP',
    at: 0,
  },
  {
    name: 'SSH after an interim response',
    sent: 'HTTP/1.1 100 Continue\r\n\r\nSSH-2.0-x\r\n',
    code: 'not_http',
    says: 'after an interim response, the peer speaks SSH',
    at: 25,
  },
  // Content without a head.
  {
    name: 'an HTML page',
    sent: '<!doctype html>\n<h1>Hi</h1>\n',
    code: 'http09_answer',
    says: '<!doctype html>',
    at: 0,
  },
  {
    name: 'an HTML page after an empty line',
    sent: '\n<html>\n',
    code: 'http09_answer',
    says: '<html>',
    at: 0,
  },
  { name: 'a line of text', sent: 'hello there', code: 'http09_answer', says: '"hello there"', at: 0 },
  { name: 'JSON', sent: '{"ok":true}', code: 'http09_answer', says: 'no status line', at: 0 },
  { name: 'a long line without an end', sent: 'a'.repeat(300), code: 'http09_answer', says: 'aaaa', at: 0 },
  {
    name: 'text in UTF-8',
    sent: '\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82\n',
    code: 'http09_answer',
    says: 'no status line',
    at: 0,
  },
  {
    name: 'seventeen spaces and a response',
    sent: `${' '.repeat(17)}${OK}\r\n`,
    code: 'status_line_malformed',
    says: '17 bytes of white space',
    at: 0,
  },
  // Status lines.
  {
    name: 'HTP',
    sent: 'HTP/1.1 200 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: 'is not "HTTP"',
    at: 0,
  },
  { name: 'HTTPER', sent: 'HTTPER/1.1 200 OK\r\n\r\n', code: 'status_line_malformed', says: 'HTTPER', at: 0 },
  {
    name: 'lower case',
    sent: 'http/1.1 200 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: 'capital letters',
    at: 0,
  },
  {
    name: 'HTTP without slash',
    sent: 'HTTP 200 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: 'begin with',
    at: 0,
  },
  {
    name: 'words before it',
    sent: '(null) HTTP/1.1 200 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: '7 bytes stand before',
    at: 0,
  },
  {
    name: 'a byte order mark',
    sent: `\xef\xbb\xbf${OK}\r\n`,
    code: 'status_line_malformed',
    says: '3 bytes stand before',
    at: 0,
  },
  { name: 'CGI', sent: 'Status: 200 OK\r\n\r\n', code: 'status_line_malformed', says: 'CGI', at: 0 },
  {
    name: 'fields alone',
    sent: 'Content-Type: text/html\r\n\r\n<p>',
    code: 'status_line_malformed',
    says: 'without a status line',
    at: 0,
  },
  {
    name: 'no version',
    sent: 'HTTP/ 200 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: 'the version',
    at: 5,
  },
  {
    name: 'version of one digit',
    sent: 'HTTP/1 200 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: 'the version',
    at: 5,
  },
  {
    name: 'version 01.1',
    sent: 'HTTP/01.1 200 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: 'the version',
    at: 5,
  },
  {
    name: 'version 1.01',
    sent: 'HTTP/1.01 200 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: 'the version',
    at: 5,
  },
  {
    name: 'version 11.1',
    sent: 'HTTP/11.1 200 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: 'the version',
    at: 5,
  },
  {
    name: 'no status',
    sent: 'HTTP/1.1\r\n\r\n',
    code: 'status_line_malformed',
    says: 'no status code',
    at: 8,
  },
  {
    name: 'no status, a space',
    sent: 'HTTP/1.1 \r\n\r\n',
    code: 'status_line_malformed',
    says: 'no status code',
    at: 9,
  },
  {
    name: 'a word for a status',
    sent: 'HTTP/1.1 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: '"HTTP/1.1 OK"',
    at: 9,
  },
  {
    name: 'a negative status',
    sent: 'HTTP/1.1 -20 OK\r\n\r\n',
    code: 'status_line_malformed',
    says: 'no status code',
    at: 9,
  },
  {
    name: 'CR in the status line',
    sent: 'HTTP/1.1 200 OK\rX: 1\r\n\r\n',
    code: 'status_line_malformed',
    says: 'CR without LF',
    at: 15,
  },
  {
    name: 'NUL in the status line',
    sent: 'HTTP/1.1 200 O\0K\r\n\r\n',
    code: 'status_line_malformed',
    says: 'NUL',
    at: 14,
  },
  {
    name: 'status of one digit',
    sent: 'HTTP/1.1 2 OK\r\n\r\n',
    code: 'status_undefined',
    says: 'three digits',
    at: 9,
  },
  {
    name: 'status of two digits',
    sent: 'HTTP/1.1 99 OK\r\n\r\n',
    code: 'status_undefined',
    says: '"99"',
    at: 9,
  },
  {
    name: 'status of four digits',
    sent: 'HTTP/1.1 2000 OK\r\n\r\n',
    code: 'status_undefined',
    says: '"2000"',
    at: 9,
  },
  {
    name: 'status 099',
    sent: 'HTTP/1.1 099 Low\r\n\r\n',
    code: 'status_undefined',
    says: 'outside 100-599',
    at: 9,
  },
  { name: 'status 600', sent: 'HTTP/1.1 600 High\r\n\r\n', code: 'status_undefined', says: '600', at: 9 },
  {
    name: 'status 999',
    sent: 'HTTP/1.1 999 Request denied\r\nA: b\r\n\r\n',
    code: 'status_undefined',
    says: '999',
    at: 9,
  },
  {
    name: 'HTTP/2.0',
    sent: 'HTTP/2.0 200 OK\r\n\r\n',
    code: 'http_version_unsupported',
    says: 'HTTP/2.0',
    at: 5,
  },
  { name: 'HTTP/2', sent: 'HTTP/2 200\r\n\r\n', code: 'http_version_unsupported', says: 'HTTP/2 ', at: 5 },
  { name: 'HTTP/3', sent: 'HTTP/3 200 OK\r\n\r\n', code: 'http_version_unsupported', says: 'HTTP/3 ', at: 5 },
  {
    name: 'HTTP/0.1',
    sent: 'HTTP/0.1 200 OK\r\n\r\n',
    code: 'http_version_unsupported',
    says: 'HTTP/0.1',
    at: 5,
  },
  {
    name: 'a bad status line without an end of the head',
    sent: 'HTTP/1.1 2x0\r\nA: b\r\n',
    code: 'status_undefined',
    says: '"2"',
    at: 9,
  },
  // Fields.
  {
    name: 'a line without a colon',
    sent: `${OK}A: b\r\nBroken line\r\n\r\n`,
    code: 'header_malformed',
    says: '"Broken line" has no colon',
    at: 23,
  },
  {
    name: 'a word without a colon',
    sent: `${OK}Broken\r\n\r\n`,
    code: 'header_malformed',
    says: 'no colon',
    at: AFTER_OK,
  },
  {
    name: 'NUL in a value',
    sent: `${OK}A: b\0c\r\n\r\n`,
    code: 'header_malformed',
    says: 'NUL',
    at: AFTER_OK + 4,
  },
  {
    name: 'NUL in a name',
    sent: `${OK}A\0B: c\r\n\r\n`,
    code: 'header_malformed',
    says: 'NUL',
    at: AFTER_OK + 1,
  },
  {
    name: 'CR in a value',
    sent: `${OK}A: b\rSet-Cookie: c\r\n\r\n`,
    code: 'header_malformed',
    says: 'CR without LF',
    at: AFTER_OK + 4,
  },
  {
    name: 'CR in a name',
    sent: `${OK}A\rB: c\r\n\r\n`,
    code: 'header_malformed',
    says: 'CR without LF',
    at: AFTER_OK + 1,
  },
  {
    name: 'two CR before the LF',
    sent: `${OK}A: b\r\r\n\r\n`,
    code: 'header_malformed',
    says: 'CR without LF',
    at: AFTER_OK + 4,
  },
  {
    name: 'CR CR LF for an empty line',
    sent: `${OK}A: b\r\n\r\r\n\r\n`,
    code: 'header_malformed',
    says: 'CR',
    at: AFTER_OK + 6,
  },
  {
    name: 'NUL in a folded line',
    sent: `${OK}A: b\r\n c\0\r\n\r\n`,
    code: 'header_malformed',
    says: 'NUL',
    at: AFTER_OK + 8,
  },
  {
    name: 'a bad line, then the end of the stream',
    sent: `${OK}Broken line\r\nA: b\r\n`,
    code: 'header_malformed',
    says: 'no colon',
    at: AFTER_OK,
  },
  {
    name: 'a head beyond the bound',
    sent: `${OK}A: ${'b'.repeat(100)}\r\n\r\n`,
    limits: SMALL,
    code: 'header_too_large',
    says: 'longer than 100 bytes',
    at: 0,
  },
  {
    name: 'interim responses beyond the bound of heads',
    sent: `${'HTTP/1.1 103 E\r\n\r\n'.repeat(7)}${OK}\r\n`,
    limits: SMALL,
    code: 'header_too_large',
    says: '100 bytes',
    at: 90,
  },
  {
    name: 'a malformed line within the bound, no end',
    sent: `${OK}Broken\r\n${'b'.repeat(100)}`,
    limits: SMALL,
    code: 'header_malformed',
    says: 'no colon',
    at: AFTER_OK,
  },
  {
    name: 'too many interim responses',
    sent: 'HTTP/1.1 103 E\r\n\r\n'.repeat(INTERIM_LIMIT + 1),
    code: 'header_too_large',
    says: 'interim',
    at: 18 * INTERIM_LIMIT,
  },
  {
    name: 'too many field lines',
    sent: `${OK}${'a:\r\n'.repeat(FIELD_LINES_LIMIT + 1)}\r\n`,
    code: 'header_too_large',
    says: 'field lines',
    at: AFTER_OK + 4 * FIELD_LINES_LIMIT,
  },
  // Where the body ends.
  {
    name: 'two lengths',
    sent: `${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
    code: 'framing_conflict',
    says: 'as 5 and as 6',
    at: 36,
  },
  {
    name: 'two lengths in a list',
    sent: `${OK}Content-Length: 5, 6\r\n\r\nhello!`,
    code: 'framing_conflict',
    says: '"5, 6"',
    at: AFTER_OK,
  },
  {
    name: 'length and chunked',
    sent: `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    code: 'framing_conflict',
    says: 'ambiguous',
    at: 36,
  },
  {
    name: 'chunked and length',
    sent: `${OK}Transfer-Encoding: chunked\r\nA: b\r\nContent-Length: 0\r\n\r\n0\r\n\r\n`,
    code: 'framing_conflict',
    says: 'ambiguous',
    at: 51,
  },
  {
    name: 'length and identity',
    sent: `${OK}Content-Length: 5\r\nTransfer-Encoding: identity\r\n\r\nhello`,
    code: 'framing_conflict',
    says: 'ambiguous',
    at: 36,
  },
  {
    name: 'length in words',
    sent: `${OK}Content-Length: abc\r\n\r\n`,
    code: 'header_malformed',
    says: '"abc"',
    at: AFTER_OK,
  },
  {
    name: 'negative length',
    sent: `${OK}Content-Length: -1\r\n\r\n`,
    code: 'header_malformed',
    says: '"-1"',
    at: AFTER_OK,
  },
  {
    name: 'length with a sign',
    sent: `${OK}Content-Length: +5\r\n\r\nhello`,
    code: 'header_malformed',
    says: '"+5"',
    at: AFTER_OK,
  },
  {
    name: 'hexadecimal length',
    sent: `${OK}A: b\r\n c\r\nContent-Length: 0x5\r\n\r\nhello`,
    code: 'header_malformed',
    says: '"0x5"',
    at: 27,
  },
  {
    name: 'length with a fraction',
    sent: `${OK}Content-Length: 5.0\r\n\r\nhello`,
    code: 'header_malformed',
    says: '"5.0"',
    at: AFTER_OK,
  },
  {
    name: 'two numbers in one length',
    sent: `${OK}Content-Length: 5 5\r\n\r\nhello`,
    code: 'header_malformed',
    says: '"5 5"',
    at: AFTER_OK,
  },
  {
    name: 'folded length',
    sent: `${OK}Content-Length: 1\r\n 0\r\n\r\nhello`,
    code: 'header_malformed',
    says: '"1 0"',
    at: AFTER_OK,
  },
  {
    name: 'empty length',
    sent: `${OK}Content-Length:\r\n\r\nhello`,
    code: 'header_malformed',
    says: '""',
    at: AFTER_OK,
  },
  {
    name: 'length list with a hole',
    sent: `${OK}Content-Length: 5,,5\r\n\r\nhello`,
    code: 'header_malformed',
    says: '"5,,5"',
    at: AFTER_OK,
  },
  {
    name: 'length beyond 2^53',
    sent: `${OK}Content-Length: 9007199254740992\r\n\r\n`,
    code: 'header_malformed',
    says: '2^53',
    at: AFTER_OK,
  },
  {
    name: 'length beyond all',
    sent: `${OK}Content-Length: ${'9'.repeat(400)}\r\n\r\n`,
    code: 'header_malformed',
    says: '999',
    at: AFTER_OK,
  },
  {
    name: 'length in Arabic digits',
    sent: `${OK}Content-Length: \xd9\xa5\r\n\r\nhello`,
    code: 'header_malformed',
    says: '\\xd9',
    at: AFTER_OK,
  },
  // Cut bodies.
  {
    name: 'body too short',
    sent: `${OK}Content-Length: 10\r\n\r\nhello`,
    code: 'body_truncated',
    says: '5 of 10 bytes',
    at: 0,
  },
  {
    name: 'body too short, reset',
    sent: `${OK}Content-Length: 10\r\n\r\nhello`,
    end: 'reset',
    code: 'body_reset',
    says: '5 of 10 bytes',
    at: 0,
  },
  {
    name: 'no body at all',
    sent: `${OK}Content-Length: 10\r\n\r\n`,
    code: 'body_truncated',
    says: '0 of 10 bytes',
    at: 0,
  },
  {
    name: 'body to the close, reset',
    sent: `${OK}\r\nhello`,
    end: 'reset',
    code: 'body_reset',
    says: 'orderly close',
    at: 0,
  },
  {
    name: 'no chunk at all',
    sent: CHUNKED,
    code: 'body_truncated',
    says: 'the last chunk missing after 0 bytes',
    at: 0,
  },
  {
    name: 'cut in a chunk size',
    sent: `${CHUNKED}1`,
    code: 'body_truncated',
    says: 'the last chunk missing',
    at: 0,
  },
  {
    name: 'cut in a chunk',
    sent: `${CHUNKED}a\r\nhello`,
    code: 'body_truncated',
    says: '5 of 10 bytes of a chunk missing',
    at: 0,
  },
  {
    name: 'cut between chunks',
    sent: `${CHUNKED}5\r\nhello\r\n`,
    end: 'reset',
    code: 'body_reset',
    says: 'after 5 bytes',
    at: 0,
  },
  {
    name: 'cut in the last chunk',
    sent: `${CHUNKED}5\r\nhello\r\n0`,
    code: 'body_truncated',
    says: 'the last chunk missing',
    at: 2,
  },
  // Chunks.
  {
    name: 'no chunk size',
    sent: `${CHUNKED}\r\nhello`,
    code: 'chunk_malformed',
    says: '"\\r" where a chunk size begins',
    at: AFTER_CHUNKED,
  },
  {
    name: 'a page in place of a chunk size',
    sent: `${CHUNKED}<html>`,
    code: 'chunk_malformed',
    says: '"<"',
    at: AFTER_CHUNKED,
  },
  {
    name: 'negative chunk size',
    sent: `${CHUNKED}-5\r\nhello`,
    code: 'chunk_malformed',
    says: '"-"',
    at: AFTER_CHUNKED,
  },
  {
    name: 'chunk size with 0x',
    sent: `${CHUNKED}0x5\r\nhello`,
    code: 'chunk_malformed',
    says: '"x" in a chunk size',
    at: AFTER_CHUNKED + 1,
  },
  {
    name: 'space before a chunk size',
    sent: `${CHUNKED} 5\r\nhello`,
    code: 'chunk_malformed',
    says: '" "',
    at: AFTER_CHUNKED,
  },
  {
    name: 'word after a chunk size',
    sent: `${CHUNKED}5 five\r\nhello`,
    code: 'chunk_malformed',
    says: '"f" after a chunk size',
    at: AFTER_CHUNKED + 2,
  },
  {
    name: 'CR alone after a chunk size',
    sent: `${CHUNKED}5\rhello`,
    code: 'chunk_malformed',
    says: 'CR without LF',
    at: AFTER_CHUNKED + 2,
  },
  {
    name: 'CR alone in an extension',
    sent: `${CHUNKED}5;a\rb\r\nhello`,
    code: 'chunk_malformed',
    says: 'CR without LF',
    at: AFTER_CHUNKED + 4,
  },
  {
    name: 'seventeen digits',
    sent: `${CHUNKED}${'0'.repeat(16)}5\r\nhello`,
    code: 'chunk_malformed',
    says: 'too large',
    at: AFTER_CHUNKED + 16,
  },
  {
    name: 'chunk size beyond 2^53',
    sent: `${CHUNKED}20000000000000\r\n`,
    code: 'chunk_malformed',
    says: 'too large',
    at: AFTER_CHUNKED + 13,
  },
  {
    name: 'chunk size beyond 2^64',
    sent: `${CHUNKED}ffffffffffffffff1\r\n`,
    code: 'chunk_malformed',
    says: 'too large',
    at: AFTER_CHUNKED + 13,
  },
  {
    name: 'chunk longer than its size',
    sent: `${CHUNKED}4\r\nhello\r\n0\r\n\r\n`,
    code: 'chunk_malformed',
    says: '"o" where a chunk of 4 bytes ends',
    at: AFTER_CHUNKED + 7,
  },
  {
    name: 'chunk shorter than its size',
    sent: `${CHUNKED}7\r\nhello\r\n0\r\n\r\n`,
    code: 'chunk_malformed',
    says: '"0" where a chunk of 7',
    at: AFTER_CHUNKED + 10,
  },
  {
    name: 'CR alone after a chunk',
    sent: `${CHUNKED}5\r\nhello\r0\r\n\r\n`,
    code: 'chunk_malformed',
    says: 'CR without LF',
    at: AFTER_CHUNKED + 9,
  },
  {
    name: 'endless extension',
    sent: `${CHUNKED}5;${'a'.repeat(CHUNK_EXTENSION_BYTES + 1)}\r\nhello`,
    code: 'chunk_malformed',
    says: 'extensions',
    at: AFTER_CHUNKED + 2 + CHUNK_EXTENSION_BYTES,
  },
  {
    name: 'endless padding',
    sent: `${CHUNKED}5${' '.repeat(CHUNK_EXTENSION_BYTES + 2)}\r\nhello`,
    code: 'chunk_malformed',
    says: 'extensions',
    at: AFTER_CHUNKED + 2 + CHUNK_EXTENSION_BYTES,
  },
  {
    name: 'extensions that add up',
    sent: CHUNKED + `1;${'a'.repeat(1023)}\r\nx\r\n`.repeat(17),
    code: 'chunk_malformed',
    says: 'extensions',
    at: AFTER_CHUNKED + 16 * 1030 + 2 + 16,
  },
  {
    name: 'endless trailers',
    sent: `${CHUNKED}0\r\n${'A: b\r\n'.repeat(TRAILER_BYTES / 6 + 2)}\r\n`,
    code: 'header_too_large',
    says: 'trailer section',
    at: AFTER_CHUNKED + 3 + TRAILER_BYTES,
  },
]

const TOLERATED: Tolerated[] = [
  {
    name: 'lines ended by LF',
    sent: 'HTTP/1.1 200 OK\nA: b\n\nhello',
    notes: ['LF without CR (3 times, first at byte 15)'],
    fields: [['A', 'b']],
    body: 'hello',
  },
  {
    name: 'CRLF and LF mixed',
    sent: 'HTTP/1.1 200 OK\r\nA: b\n\r\nhello',
    notes: ['LF without CR (at byte 21)'],
    body: 'hello',
  },
  {
    name: 'an empty line first',
    sent: `\r\n${OK}\r\n`,
    notes: ['white space before the status line (at byte 0)'],
  },
  { name: 'spaces first', sent: `  ${OK}\r\n`, notes: ['white space before the status line'] },
  {
    name: 'an empty line after an interim response',
    sent: `HTTP/1.1 100 Continue\r\n\r\n\r\n${OK}\r\n`,
    notes: ['white space before the status line (at byte 25)'],
  },
  {
    name: 'two spaces before the status',
    sent: 'HTTP/1.1  200 OK\r\n\r\n',
    notes: ['not separated by single spaces (at byte 8)'],
    reason: 'OK',
  },
  {
    name: 'a tab before the status',
    sent: 'HTTP/1.1\t200 OK\r\n\r\n',
    notes: ['not separated by single spaces'],
  },
  {
    name: 'a tab after the status',
    sent: 'HTTP/1.1 200\tOK\r\n\r\n',
    notes: ['no space after the status code'],
    reason: 'OK',
  },
  {
    name: 'no space after the status',
    sent: 'HTTP/1.1 404\r\n\r\n',
    notes: ['no space after the status code'],
    reason: '',
    status: 404,
  },
  {
    name: 'reason glued to the status',
    sent: 'HTTP/1.1 200OK\r\n\r\n',
    notes: ['no space after the status code (at byte 12)'],
    reason: 'OK',
  },
  { name: 'two spaces before the reason', sent: 'HTTP/1.1 200  OK\r\n\r\n', notes: [], reason: ' OK' },
  {
    name: 'a reason that is not ASCII',
    sent: 'HTTP/1.1 500 Ori\xebntatie\r\n\r\n',
    notes: [],
    reason: 'Ori\xebntatie',
    status: 500,
  },
  {
    name: 'a control character in the reason',
    sent: 'HTTP/1.1 200 O\x1bK\r\n\r\n',
    notes: ['control character in the reason phrase (at byte 14)'],
    reason: 'O\x1bK',
  },
  { name: 'HTTP/0.9', sent: 'HTTP/0.9 200 OK\r\n\r\nhello', notes: ['HTTP/0.9'], body: 'hello' },
  { name: 'HTTP/1.2', sent: 'HTTP/1.2 200 OK\r\n\r\nhello', notes: ['unknown minor version'], body: 'hello' },
  {
    name: 'a folded value',
    sent: `${OK}A: b\r\n  c \r\n\td\r\nE: f\r\n\r\n`,
    notes: ['joined by a space (2 times, first at byte 23)'],
    fields: [
      ['A', 'b c d'],
      ['E', 'f'],
    ],
  },
  {
    name: 'a value that begins on the next line',
    sent: `${OK}A:\r\n b\r\n\r\n`,
    notes: ['folded'],
    fields: [['A', 'b']],
  },
  {
    name: 'a line of blanks',
    sent: `${OK}A: b\r\n \r\n\r\nhello`,
    notes: ['folded'],
    fields: [['A', 'b']],
    body: 'hello',
  },
  {
    name: 'white space after the status line',
    sent: `${OK} X: y\r\n z\r\nA: b\r\n\r\n`,
    notes: ['ignored (2 times, first at byte 17)'],
    fields: [['A', 'b']],
  },
  {
    name: 'space before the colon',
    sent: `${OK}Content-Length : 5\r\n\r\nhello`,
    notes: ['between field name and colon, removed (at byte 31)'],
    fields: [['Content-Length', '5']],
    body: 'hello',
  },
  { name: 'no name', sent: `${OK}: b\r\n\r\n`, notes: ['without a name'], fields: [['', 'b']] },
  {
    name: 'a space in a name',
    sent: `${OK}en-US Content-Type: c\r\n\r\n`,
    notes: ['not allowed in a field name (at byte 22)'],
    fields: [['en-US Content-Type', 'c']],
  },
  {
    name: 'a name that is not ASCII',
    sent: `${OK}\xe9t\xe9: b\r\n\r\n`,
    notes: ['not allowed in a field name'],
    fields: [['\xe9t\xe9', 'b']],
  },
  {
    name: 'brackets in a name',
    sent: `${OK}A(b)[c]: d\r\n\r\n`,
    notes: ['not allowed in a field name'],
    fields: [['A(b)[c]', 'd']],
  },
  {
    name: 'control characters in a value',
    sent: `${OK}A: b\x01c\x7f\r\n\r\n`,
    notes: ['control character in a field value (2 times, first at byte 21)'],
    fields: [['A', 'b\x01c\x7f']],
  },
  {
    name: 'white space around a value',
    sent: `${OK}A:  \t b c \t\r\nD:\r\nE:f\r\n\r\n`,
    notes: [],
    fields: [
      ['A', 'b c'],
      ['D', ''],
      ['E', 'f'],
    ],
  },
  {
    name: 'the same length twice',
    sent: `${OK}Content-Length: 5\r\ncontent-length: 5\r\n\r\nhello`,
    notes: ['Content-Length given more than once with the same value (at byte 36)'],
    body: 'hello',
  },
  {
    name: 'the same length in a list',
    sent: `${OK}Content-Length: 5, 5 ,05\r\n\r\nhello`,
    notes: ['more than once'],
    body: 'hello',
  },
  {
    name: 'length in a 204',
    sent: 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n',
    notes: ['must not have them (at byte 25)'],
    status: 204,
    body: '',
  },
  {
    name: 'chunked in an interim response',
    sent: `HTTP/1.1 100 C\r\nTransfer-Encoding: chunked\r\n\r\n${OK}\r\n`,
    notes: ['must not have them'],
  },
  {
    name: 'chunked in HTTP/1.0',
    sent: 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    notes: ['HTTP/1.0 response'],
    body: 'hello',
  },
  {
    name: 'chunked in capital letters',
    sent: `${OK}TRANSFER-ENCODING: , Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    notes: [],
    body: 'hello',
  },
  {
    name: 'chunked not last',
    sent: `${OK}Transfer-Encoding: chunked, gzip\r\n\r\nhello`,
    notes: ['until the connection closes: "chunked, gzip"'],
    body: 'hello',
  },
  {
    name: 'identity',
    sent: `${OK}Transfer-Encoding: identity\r\n\r\nhello`,
    notes: ['"identity"'],
    body: 'hello',
  },
  {
    name: 'a coding like chunked',
    sent: `${OK}Transfer-Encoding: xchunked\r\n\r\nhello`,
    notes: ['"xchunked"'],
    body: 'hello',
  },
  {
    name: 'chunked with a parameter',
    sent: `${OK}Transfer-Encoding: chunked;q=1\r\n\r\nhello`,
    notes: ['"chunked;q=1"'],
    body: 'hello',
  },
  {
    name: 'no coding at all',
    sent: `${OK}Transfer-Encoding:\r\n\r\nhello`,
    notes: ['chunked is not the last'],
    body: 'hello',
  },
  {
    name: 'gzip, then chunked',
    sent: `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    notes: ['not asked for: "gzip"'],
    body: 'hello',
  },
  {
    name: 'chunked twice',
    sent: `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    notes: ['more than once, taken as one'],
    body: 'hello',
  },
  {
    name: 'padded chunk size',
    sent: `${CHUNKED}5  \r\nhello\r\n0 \r\n\r\n`,
    notes: ['white space after a chunk size (2 times, first at byte 48)'],
    body: 'hello',
  },
  {
    name: 'chunk size with zeros',
    sent: `${CHUNKED}${'0'.repeat(15)}5\r\nhello\r\n000\r\n\r\n`,
    notes: [],
    body: 'hello',
  },
  {
    name: 'capital chunk size',
    sent: `${CHUNKED}A\r\n0123456789\r\n0\r\n\r\n`,
    notes: [],
    body: '0123456789',
  },
  {
    name: 'a chunk one byte shorter than its size',
    sent: `${CHUNKED}6\r\nhello\r\n0\r\n\r\n`,
    notes: ['LF without CR'],
    body: 'hello\r',
  },
  {
    name: 'chunk lines ended by LF',
    sent: `${CHUNKED}5\nhello\n0\n\n`,
    notes: ['LF without CR (4 times, first at byte 48)'],
    body: 'hello',
  },
  {
    name: 'an extension with everything',
    sent: `${CHUNKED}5 ; a = "b \\" ; c" ; d=e;f\r\nhello\r\n0;g\r\n\r\n`,
    notes: ['white space after a chunk size'],
    body: 'hello',
  },
  {
    name: 'an empty extension',
    sent: `${CHUNKED}5;\r\nhello\r\n0\r\n\r\n`,
    notes: ['malformed chunk extension, ignored (at byte 49)'],
    body: 'hello',
  },
  {
    name: 'an open quote',
    sent: `${CHUNKED}5;a="b\r\nhello\r\n0\r\n\r\n`,
    notes: ['malformed chunk extension'],
    body: 'hello',
  },
  {
    name: 'rubbish in an extension',
    sent: `${CHUNKED}5;a b\r\nhello\r\n0\r\n\r\n`,
    notes: ['malformed chunk extension, ignored (at byte 51)'],
    body: 'hello',
  },
  {
    name: 'trailers',
    sent: `${CHUNKED}0\r\nA: b\r\nA: c\r\n\r\n`,
    notes: [],
    body: '',
    trailers: [
      ['A', 'b'],
      ['A', 'c'],
    ],
  },
  {
    name: 'malformed trailers',
    sent: `${CHUNKED}0\r\nBroken\r\nA: b\0\r\n\rC: d\r\nE: f\r\n g\r\n\r\n`,
    notes: [
      'malformed trailer line, ignored (3 times, first at byte 50)',
      'folded over several lines, joined by a space (at byte 78)',
    ],
    trailers: [['E', 'f g']],
  },
  {
    name: 'no empty line at the end',
    sent: `${CHUNKED}5\r\nhello\r\n0\r\n`,
    notes: ['without the empty line'],
    body: 'hello',
  },
  {
    name: 'no empty line at the end, reset',
    sent: `${CHUNKED}5\r\nhello\r\n0\r\n`,
    end: 'reset',
    notes: ['without the empty line'],
    body: 'hello',
  },
  {
    name: 'trailers that are cut',
    sent: `${CHUNKED}0\r\nA: b\r\nC: `,
    notes: ['without the empty line'],
    trailers: [['A', 'b']],
  },
  {
    name: 'reset after the body',
    sent: `${OK}Content-Length: 5\r\n\r\nhello`,
    end: 'reset',
    notes: [],
    body: 'hello',
  },
  {
    name: 'bytes after the body',
    sent: `${OK}Content-Length: 5\r\n\r\nhello world`,
    notes: ['6 bytes after the end of the response, ignored: 20776f726c64 (at byte 43)'],
    body: 'hello',
    rest: ' world',
  },
  {
    name: 'a second response',
    sent: `${OK}Content-Length: 0\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`,
    notes: ['43 bytes after'],
    body: '',
    rest: `${OK}Content-Length: 5\r\n\r\nhello`,
  },
  {
    name: 'a body after HEAD',
    sent: `${OK}Content-Length: 5\r\n\r\nhello`,
    requestMethod: 'HEAD',
    notes: ['5 bytes after'],
    body: '',
    rest: 'hello',
  },
  {
    name: 'a body after 304',
    sent: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello',
    notes: ['5 bytes after'],
    status: 304,
    body: '',
    rest: 'hello',
  },
  {
    name: 'bytes after the last chunk',
    sent: `${CHUNKED}0\r\n\r\n\r\n`,
    notes: ['2 bytes after'],
    rest: '\r\n',
  },
  {
    name: 'no close_notify',
    sent: `${OK}\r\nhello`,
    withoutCloseNotify: true,
    notes: ['without a TLS close_notify'],
    body: 'hello',
  },
  {
    name: 'both framings after HEAD',
    sent: `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
    requestMethod: 'HEAD',
    notes: [],
    body: '',
  },
]

function expectSameForEverySplit(sent: string, options: StreamOptions): ReturnType<typeof outcomeOf> {
  const bytes = wire(sent)
  const whole = outcomeOf([bytes], options)
  expect(outcomeOf(oneByOne(bytes), options)).toEqual(whole)
  if (bytes.length <= EVERY_SPLIT_BYTES) {
    for (const pieces of everySplit(bytes)) {
      expect(outcomeOf(pieces, options), `split at ${pieces[0]?.length}`).toEqual(whole)
    }
  }
  return whole
}

describe('ResponseParser refuses', () => {
  for (const { name, sent, code, says, at, ...options } of REFUSED) {
    test(`${name}: ${code}`, () => {
      const { phase, failure, raw } = expectSameForEverySplit(sent, options)
      expect(phase).toBe('failed')
      expect(failure?.code).toBe(code)
      expect(failure?.raw).toContain(says)
      expect(raw).toBe(sent.slice(0, DEFAULT_LIMITS.keptBytes))
      const cut = /closed|reset|truncated/.test(code)
      const offset = cut ? Math.max(0, sent.length - 64) : at
      expect(failure?.at).toEqual({
        offset,
        hex: Buffer.from(wire(sent.slice(offset, offset + 64))).toString('hex'),
      })
    })
  }
})

describe('ResponseParser tolerates', () => {
  for (const {
    name,
    sent,
    notes,
    fields,
    reason,
    status = 200,
    body,
    trailers,
    rest,
    ...options
  } of TOLERATED) {
    test(name, () => {
      const outcome = expectSameForEverySplit(sent, options)
      expect(outcome.failure).toBeNull()
      expect(outcome.phase).toBe('done')
      expect(outcome.head?.status).toBe(status)
      expect(outcome.notes).toEqual(notes.map((note) => expect.stringContaining(note)))
      if (fields) expect(outcome.head?.fields).toEqual(fields)
      if (reason !== undefined) expect(outcome.head?.reason).toBe(reason)
      if (body !== undefined) expect(outcome.body).toBe(body)
      if (trailers) expect(outcome.trailers).toEqual(trailers)
      expect(outcome.rest).toBe(rest ?? '')
    })
  }
})

test('the tables hold at least 60 malformed situations that fail and 40 that are noted', () => {
  expect(REFUSED.length).toBeGreaterThanOrEqual(60)
  expect(TOLERATED.filter(({ notes }) => notes.length > 0).length).toBeGreaterThanOrEqual(40)
})
