// API Gateway and Lambda URLs: x-amzn-ErrorType, JSON with one message.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'aws-api-gateway',
  name: 'Amazon API Gateway',
  role: 'gateway',
  builtOn: ['cloudfront'],
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['x-amzn-errortype'], made: 0.9 },
    { field: ['x-amz-apigw-id'], seen: 0.95, unverified: true },
    { field: ['apigw-requestid'], seen: 0.9, unverified: true },
    {
      content:
        /^\{"message": ?"(Internal server error|Endpoint request timed out|Missing Authentication Token|Forbidden|Too Many Requests|Limit Exceeded|Not Found|Service Unavailable)"\}$/,
      made: 0.65,
      unverified: true,
    },
  ],
  readings: [
    {
      content: /Endpoint request timed out/,
      causes: ['http_response_timeout'],
      says: 'the integration did not answer in 29 s',
    },
    {
      content: /Missing Authentication Token/,
      causes: ['destination_not_found', 'http_request_denied'],
      says: 'no such resource or method, or the request is not signed',
      link: 'gateway',
      party: 'gateway_operator',
    },
    {
      status: [401, 403, 429],
      causes: ['http_request_denied'],
      says: 'a key, policy or quota denies the request',
    },
    {
      status: 504,
      causes: ['http_response_timeout', 'connection_terminated', 'connection_refused'],
      says: 'the integration failed or timed out',
    },
    {
      status: 502,
      causes: ['http_protocol_error', 'connection_terminated'],
      says: 'the function behind answered something malformed, or crashed',
    },
    { status: 503, causes: ['destination_unavailable'], says: 'the integration is unavailable' },
    {
      status: [400, 404, 413, 415, 431],
      causes: ['http_request_error', 'destination_not_found'],
      says: 'the gateway refused the request',
    },
    {
      causes: ['proxy_configuration_error', 'http_protocol_error'],
      says: 'the configuration, an authorizer or the function failed',
      link: 'gateway',
      party: 'gateway_operator',
    },
  ],
  source: 'awsdocs: amazon-api-gateway-developer-guide, supported-gateway-response-types',
  examples: [
    {
      raw: 'HTTP/1.1 504 Gateway Timeout\r\nContent-Type: application/json\r\nContent-Length: 41\r\nx-amzn-RequestId: 1\r\nx-amz-apigw-id: abc=\r\nx-amzn-ErrorType: InternalServerErrorException\r\n\r\n{"message": "Endpoint request timed out"}',
      causes: ['http_response_timeout'],
    },
  ],
} satisfies Fingerprint
