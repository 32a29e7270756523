// Netlify: X-NF-Request-ID, its text for unknown hosts, function errors.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'netlify',
  name: 'Netlify',
  role: 'cdn',
  builtOn: ['trafficserver'],
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['server', /^Netlify$/], seen: 0.9, made: 0.1, unverified: true },
    { field: ['x-nf-request-id'], seen: 0.9, unverified: true },
    { content: /^Not Found - Request ID: [0-9A-Za-z-]{10,60}\s*$/, made: 0.95 },
    {
      body: "looks like you've followed a broken link or entered a url that doesn't exist on this site.",
      made: 0.95,
    },
    { body: 'error decoding lambda response', made: 0.9, unverified: true },
    {
      body: '"errortype":',
      body2: '"errormessage":',
      field: ['x-nf-request-id'],
      made: 0.7,
      unverified: true,
    },
  ],
  readings: [
    {
      content: /^Not Found - Request ID/,
      causes: ['destination_not_found'],
      says: 'no site has this host name',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no site or file is there',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: 502,
      causes: ['connection_terminated', 'http_protocol_error'],
      says: 'a function crashed or answered something malformed',
    },
    {
      status: 504,
      causes: ['http_response_timeout'],
      says: 'a function or proxied target did not answer in time',
    },
    {
      causes: ['upstream_error_passed_through', 'proxy_internal_error'],
      says: 'a function, a proxied target or the platform failed',
    },
  ],
  source: 'Netlify (general knowledge, partly unverified); can-i-take-over-xyz',
  examples: [
    {
      raw: 'HTTP/1.1 404 Not Found\r\nServer: Netlify\r\nX-Nf-Request-Id: 01HKABCDEFGHJKMNPQRSTVWXYZ\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 50\r\n\r\nNot Found - Request ID: 01HKABCDEFGHJKMNPQRSTVWXYZ',
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
