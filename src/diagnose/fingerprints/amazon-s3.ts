// Amazon S3 and compatible stores: XML errors with a code.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'amazon-s3',
  name: 'Amazon S3',
  role: 'server',
  fixedBy: 'site_operator',
  clues: [
    { field: ['server', /^AmazonS3$/], seen: 0.9, made: 0.5, unverified: true },
    { body: '<error><code>', body2: '<hostid>', made: 0.85, unverified: true },
    { body: '<code>nosuchbucket</code>', made: 0.9 },
    { body: '<li>code: nosuchbucket</li>', made: 0.95 },
    { body: '<li>code: accessdenied</li>', made: 0.9 },
    { body: '<li>code: nosuchkey</li>', made: 0.9 },
  ],
  readings: [
    {
      body: 'nosuchbucket',
      causes: ['destination_not_found'],
      says: 'the bucket does not exist: DNS still points at it, and anybody could claim it',
      link: 'origin',
      party: 'site_operator',
      operator: 'Create the bucket again, or remove the DNS record.',
    },
    {
      body: 'slowdown',
      causes: ['connection_limit_reached'],
      says: 'the store asks to slow down',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 403,
      causes: ['http_request_denied', 'destination_not_found'],
      says: 'the object is private, or does not exist',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 404,
      causes: ['destination_not_found', 'upstream_error_passed_through'],
      says: 'there is no such object',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: [500, 503],
      causes: ['upstream_error_passed_through'],
      says: 'the store itself failed',
      link: 'origin',
      party: 'site_operator',
    },
    { causes: ['http_request_error'], says: 'the store refused the request' },
  ],
  source: 'Amazon S3 (general knowledge, unverified); can-i-take-over-xyz',
  examples: [
    {
      raw: 'HTTP/1.1 404 Not Found\r\nx-amz-request-id: A\r\nx-amz-id-2: B\r\nContent-Type: application/xml\r\nServer: AmazonS3\r\nContent-Length: 151\r\n\r\n<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message><HostId>B</HostId></Error>',
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
