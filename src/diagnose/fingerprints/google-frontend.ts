// Google: the robot pages, Via: 1.1 google, App Engine and Cloud Run.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'google-frontend',
  name: 'Google front end and Cloud Load Balancing',
  role: 'cdn',
  fixedBy: 'cdn_operator',
  clues: [
    { field: ['server', /^(Google Frontend|gws|GSE|ESF|sffe)$/], seen: 0.9, made: 0.2 },
    { field: ['via', /^1\.1 google$/], seen: 0.9 },
    { body: '(server error)!!1', made: 0.9 },
    { body: "that's all we know.", body2: 'logos/errorpage', made: 0.8 },
    { body: '<ins>that', body2: 's an error.</ins>', made: 0.9 },
    {
      body: 'error: server error',
      body2: 'the server encountered a temporary error and could not complete your request',
      made: 0.9,
    },
    { body: '<h1>error: server error</h1>', made: 0.7 },
    {
      field: ['server', /^Google Frontend$/],
      content: /^(Service Unavailable|Rate exceeded\.|upstream request timeout)$/,
      made: 0.7,
      unverified: true,
    },
    { body: 'our systems have detected unusual traffic', made: 0.9, unverified: true },
  ],
  readings: [
    {
      body: 'our systems have detected unusual traffic',
      causes: ['http_request_denied'],
      says: 'Google takes the visitor for a robot',
      link: 'cdn',
      party: 'visitor',
    },
    {
      content: /^Rate exceeded\.$/,
      causes: ['connection_limit_reached'],
      says: 'no instance was free (Cloud Run)',
    },
    { status: 504, causes: ['http_response_timeout'], says: 'the backend did not answer in time' },
    {
      status: 502,
      causes: [
        'destination_unavailable',
        'connection_terminated',
        'connection_refused',
        'http_response_timeout',
      ],
      says: 'no healthy backend, or it closed the connection (keep-alive shorter than 600 s is the classic)',
      operator:
        'statusDetails in the load balancer log: failed_to_pick_backend, failed_to_connect_to_backend, backend_connection_closed_before_data_sent_to_client, backend_timeout.',
    },
    {
      status: 503,
      causes: [
        'connection_refused',
        'destination_unavailable',
        'connection_limit_reached',
        'connection_terminated',
      ],
      says: 'no instance could serve it: it did not start, crashed, or is overloaded',
    },
    {
      status: 500,
      causes: ['upstream_error_passed_through', 'proxy_internal_error'],
      says: 'the application or the platform failed',
      link: 'origin',
      party: 'site_operator',
    },
    {
      status: 404,
      causes: ['destination_not_found', 'upstream_error_passed_through'],
      says: 'nothing is configured for this',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: [403, 429],
      causes: ['http_request_denied'],
      says: 'a policy denies the request',
      link: 'cdn',
      party: 'cdn_operator',
    },
    {
      status: [400, 405, 411, 413, 414],
      causes: ['http_request_error'],
      says: 'the front end refused the request as it came',
    },
  ],
  source: 'public tests and posts quoting the pages; Cloud Load Balancing log documentation',
  examples: [
    {
      raw: 'HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=UTF-8\r\nReferrer-Policy: no-referrer\r\nContent-Length: 218\r\nVia: 1.1 google\r\n\r\n<html><head><title>502 Server Error</title></head><body><h1>Error: Server Error</h1><h2>The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.</h2></body></html>',
      causes: ['destination_unavailable', 'connection_terminated'],
    },
  ],
} satisfies Fingerprint
