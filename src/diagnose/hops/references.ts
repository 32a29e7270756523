// Ids that hops give to a request: what an operator asks for first in a ticket.
import type { Reference } from '../../model/diagnosis.ts'

/** Fields that carry such an id, with the name to quote it by. */
const ID_FIELDS: readonly (readonly [field: string, name: string])[] = [
  ['cf-ray', 'Cloudflare Ray ID'],
  ['x-amz-cf-id', 'CloudFront request id'],
  ['x-amzn-requestid', 'AWS request id'],
  ['x-amz-request-id', 'Amazon S3 request id'],
  ['x-amz-apigw-id', 'API Gateway id'],
  ['x-amzn-trace-id', 'AWS trace id'],
  ['x-azure-ref', 'Azure reference'],
  ['x-ms-request-id', 'Azure request id'],
  ['x-akamai-request-id', 'Akamai request id'],
  ['akamai-grn', 'Akamai reference'],
  ['x-served-by', 'Fastly server'],
  ['x-fastly-request-id', 'Fastly request id'],
  ['x-vercel-id', 'Vercel id'],
  ['x-nf-request-id', 'Netlify request id'],
  ['fly-request-id', 'Fly.io request id'],
  ['rndr-id', 'Render request id'],
  ['x-railway-request-id', 'Railway request id'],
  ['x-github-request-id', 'GitHub request id'],
  ['x-sucuri-id', 'Sucuri id'],
  ['x-iinfo', 'Imperva id'],
  ['cdn-requestid', 'bunny.net request id'],
  ['eagleid', 'Alibaba Cloud CDN id'],
  ['x-nws-log-uuid', 'Tencent Cloud log id'],
  ['eo-log-uuid', 'EdgeOne log id'],
  ['x-kong-request-id', 'Kong request id'],
  ['x-cloud-trace-context', 'Google Cloud trace'],
  ['x-varnish', 'Varnish XID'],
  ['x-request-id', 'request id'],
  ['x-correlation-id', 'correlation id'],
  ['x-trace-id', 'trace id'],
  ['traceparent', 'trace'],
]

/** The ids an answer carries, each once, values cut to a printable length. */
export function readReferences(byName: ReadonlyMap<string, readonly string[]>): Reference[] {
  const references: Reference[] = []
  for (const [field, name] of ID_FIELDS) {
    const value = byName.get(field)?.[0]?.slice(0, 200)
    if (value && /^[\x21-\x7e][\x20-\x7e]*$/.test(value)) references.push({ name, value })
  }
  return references
}
