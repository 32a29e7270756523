// Varnish: the Guru Meditation page, X-Varnish, Via. Mute about what went wrong behind it.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'varnish',
  name: 'Varnish Cache',
  role: 'cache',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['x-varnish', /^\d{1,12}( \d{1,12})?$/], seen: 0.9, made: 0.1 },
    { field: ['via', /\(Varnish\/[\d.]+\)/], seen: 0.9 },
    { field: ['server', /^Varnish$/], made: 0.6, seen: 0.9 },
    { body: '<h3>guru meditation:</h3>', made: 0.8, says: 'The page is the Guru Meditation of Varnish.' },
    { body: '<p>varnish cache server</p>', made: 0.6 },
    { reason: /^Backend fetch failed$/, made: 0.7 },
  ],
  version: [{ field: 'via', matches: /\(Varnish\/([\d.]{1,12})\)/ }],
  readings: [
    {
      status: 503,
      reason: /^Backend is unhealthy$/,
      causes: ['destination_unavailable'],
      says: 'the health probe has marked the backend sick, so it was not asked',
    },
    {
      status: 503,
      slow: true,
      causes: [
        'http_response_timeout',
        'connection_refused',
        'destination_unavailable',
        'connection_terminated',
        'proxy_loop_detected',
      ],
      says: 'the backend let connect_timeout, first_byte_timeout or between_bytes_timeout run out',
      operator: 'varnishlog -g request -q "RespStatus == 503": the FetchError line names the time-out.',
    },
    {
      status: 503,
      reason: /^Backend fetch failed$/,
      causes: [
        'http_protocol_error',
        'connection_refused',
        'destination_unavailable',
        'connection_terminated',
        'http_response_header_section_size',
      ],
      says: 'the fetch from the backend failed before its headers were complete: any failure looks like this',
      operator:
        'varnishlog -g request -q "RespStatus == 503", or search for the XID of the page: the FetchError line says why.',
    },
    {
      status: 503,
      causes: [
        'http_response_incomplete',
        'connection_terminated',
        'connection_refused',
        'destination_unavailable',
        'http_protocol_error',
      ],
      says: 'a synthetic 503: Varnish gave up on this transaction, or the VCL says so',
    },
    {
      status: [400, 405, 413, 414, 417],
      causes: ['http_request_error'],
      says: 'Varnish refused the request as it came',
    },
    { status: [401, 403, 429], causes: ['http_request_denied'], says: 'the VCL denies the request' },
    {
      causes: ['proxy_internal_response'],
      says: 'the VCL answers this itself (synth)',
      link: 'gateway',
      party: 'gateway_operator',
    },
  ],
  source: 'varnish-cache: bin/varnishd/builtin.vcl, cache_fetch.c',
  examples: [
    {
      raw: 'HTTP/1.1 503 Backend fetch failed\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nServer: Varnish\r\nContent-Type: text/html; charset=utf-8\r\nRetry-After: 5\r\nX-Varnish: 32770\r\nAge: 0\r\nVia: 1.1 varnish (Varnish/7.4)\r\nContent-Length: 127\r\n\r\n<!DOCTYPE html>\n<html>\n  <body>\n    <h1>Error 503 Backend fetch failed</h1>\n    <h3>Guru Meditation:</h3>\n    <p>XID: 32771</p>',
      causes: ['http_protocol_error', 'connection_refused', 'destination_unavailable'],
    },
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nServer: shop\r\nX-Varnish: 3\r\nAge: 0\r\nVia: 1.1 v1 (Varnish/7.4)\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 20\r\n\r\n<h1>Shop broken</h1>',
      not: true,
    },
  ],
} satisfies Fingerprint
