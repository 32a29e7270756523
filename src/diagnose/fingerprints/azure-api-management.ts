// Azure API Management: JSON with statusCode, message and activityId.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'azure-api-management',
  name: 'Azure API Management',
  role: 'gateway',
  fixedBy: 'gateway_operator',
  clues: [
    { field: ['ocp-apim-trace-location'], seen: 0.8, unverified: true },
    { field: ['ocp-apim-apiid'], seen: 0.7, unverified: true },
    {
      content:
        /^\{ ?"statusCode": ?\d{3}, ?"message": ?"[^"]{1,300}"(, ?"activityId": ?"[0-9a-f-]{36}")? ?\}$/,
      made: 0.65,
    },
  ],
  readings: [
    {
      status: [401, 403, 429],
      causes: ['http_request_denied'],
      says: 'a key, quota or policy denies the request',
    },
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no operation takes this',
      link: 'gateway',
      party: 'gateway_operator',
    },
    { status: [400, 405, 413], causes: ['http_request_error'], says: 'the gateway refused the request' },
    {
      causes: ['connection_refused', 'http_response_timeout', 'dns_error', 'proxy_internal_error'],
      says: 'the backend could not be reached (BackendConnectionFailure), or a policy failed',
    },
  ],
  source: 'Azure API Management (general knowledge, unverified)',
  examples: [
    {
      raw: 'HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 111\r\n\r\n{ "statusCode": 500, "message": "Internal server error", "activityId": "00000000-0000-0000-0000-000000000000" }',
      causes: ['connection_refused', 'http_response_timeout'],
    },
  ],
} satisfies Fingerprint
