// ingress-nginx: the default backend page; else it looks like nginx.
import type { Fingerprint } from '../fingerprint.ts'

export default {
  id: 'ingress-nginx',
  name: 'ingress-nginx (Kubernetes)',
  role: 'gateway',
  builtOn: ['nginx'],
  fixedBy: 'gateway_operator',
  clues: [
    { status: 404, content: /^default backend - 404$/, made: 0.9 },
    { status: 404, content: /^404 page not found: default backend/, made: 0.6 },
    { field: ['x-ingress-name'], seen: 0.6 },
    { field: ['x-original-uri'], field2: ['x-namespace'], seen: 0.6 },
  ],
  readings: [
    {
      status: 404,
      causes: ['destination_not_found'],
      says: 'no Ingress rule takes this host and path',
      link: 'gateway',
      party: 'gateway_operator',
      operator: 'kubectl get ingress -A, and compare host and path.',
    },
    {
      causes: ['connection_refused', 'destination_unavailable', 'connection_terminated'],
      says: 'the service behind the Ingress failed',
      operator: 'kubectl get endpoints; kubectl logs of the ingress controller.',
    },
  ],
  source: 'kubernetes/ingress-nginx: docs/user-guide/default-backend.md',
  examples: [
    {
      raw: 'HTTP/1.1 404 Not Found\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 21\r\n\r\ndefault backend - 404',
      causes: ['destination_not_found'],
    },
  ],
} satisfies Fingerprint
