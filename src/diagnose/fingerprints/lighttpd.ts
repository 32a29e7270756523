// lighttpd: its XHTML or HTML 5 pages with one-space indentation, Server as the last field.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'lighttpd',
  name: 'lighttpd',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['server', /^lighttpd(\/|$)/], seen: 0.9, made: 0.3 },
    {
      body: 'xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">\n <head>\n  <title>',
      made: 0.9,
      says: 'The page has the markup and indentation of lighttpd.',
    },
    { body: '<!doctype html>\n<html lang="en">\n <head>\n  <title>', made: 0.85 },
    { order: 'Content-Type,Content-Length,Connection,Date,Server', made: 0.3, seen: 0.6 },
    { order: 'Content-Type,Content-Length,Date,Server', made: 0.3, seen: 0.6 },
  ],
  version: [{ field: 'server', matches: /^lighttpd\/([\d.]{1,12})/ }],
  readings: [
    {
      status: 503,
      slow: true,
      causes: ['connection_timeout'],
      says: 'the backend did not accept the connection in time',
    },
    {
      status: 503,
      causes: ['destination_unavailable'],
      says: 'every backend refused, is unreachable, disabled or overloaded',
      operator:
        'Look for "establishing connection failed" or "all handlers for ... are down" in the error log.',
    },
    {
      status: 502,
      causes: ['http_protocol_error', 'http_response_header_section_size'],
      says: 'the backend sent something that is no HTTP, or a header that is too large',
    },
    {
      status: 504,
      causes: ['http_response_timeout'],
      says: 'connecting, writing or reading took longer than the time-out (lighttpd checks each second, so up to twice as long)',
    },
    {
      status: 500,
      causes: ['connection_terminated', 'http_protocol_error'],
      says: 'the backend closed the connection without a response',
      operator: 'Look for "unexpected end-of-file" or "child signaled" in the error log.',
    },
    {
      status: 403,
      slow: true,
      causes: ['http_response_timeout'],
      says: 'the backend stalled in its body and lighttpd fell through to its file handler',
      link: 'upstream',
      party: 'site_operator',
    },
    {
      status: 431,
      protocol: 'HTTP/1.1',
      causes: ['http_request_error', 'proxy_loop_detected'],
      says: 'the head of the request is too large: as sent, or grown on its way in a circle',
    },
    {
      status: [400, 405, 408, 411, 413, 414, 416, 417, 431, 501, 505],
      causes: ['http_request_error'],
      says: 'lighttpd refused the request as it came',
    },
    {
      status: [401, 403, 429],
      causes: ['http_request_denied'],
      says: 'a rule of lighttpd denies the request',
    },
    {
      status: 404,
      causes: ['destination_not_found', 'upstream_error_passed_through'],
      says: 'lighttpd has no file or mapping for this',
      link: 'gateway',
      party: 'gateway_operator',
    },
  ],
  source: 'lighttpd1.4: src/http_status.c, gw_backend.c',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html\r\nContent-Length: 155\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nServer: lighttpd/1.4.76\r\n\r\n<!DOCTYPE html>\n<html lang="en">\n <head>\n  <title>500 Internal Server Error</title>\n </head>\n <body>\n  <h1>500 Internal Server Error</h1>\n </body>\n</html>\n',
      causes: ['connection_terminated', 'http_protocol_error'],
    },
  ],
} satisfies Fingerprint
