// Which machine of a pool answered, as far as the answer says: fields that name a backend, and cookies that bind a
// visitor to one. Pure. Leaves out fields that are a consequence of failing.
import type { FieldLine } from '../../model/result.ts'

/** A trait of one answer that can separate machines. */
export interface Mark {
  what: 'address' | 'field' | 'cookie'
  name: string
  value: string
}

/** Fields by which sites say which machine or place answered. */
const BACKEND_FIELDS = new Set([
  'x-backend',
  'x-backend-server',
  'x-backend-host',
  'x-backend-name',
  'x-backend-id',
  'x-backend-ip',
  'backend',
  'x-served-by',
  'x-server',
  'x-server-id',
  'x-server-name',
  'x-server-instance',
  'x-upstream',
  'x-upstream-addr',
  'x-upstream-server',
  'x-upstream-host',
  'x-proxy-backend',
  'x-node',
  'x-node-id',
  'x-nodeid',
  'x-node-name',
  'x-host',
  'x-hostname',
  'x-instance',
  'x-instance-id',
  'x-app-server',
  'x-appserver',
  'x-app-instance',
  'x-cf-instanceid',
  'x-cf-instanceindex',
  'x-container',
  'x-container-id',
  'x-pod',
  'x-pod-name',
  'x-machine',
  'x-machine-id',
  'x-web',
  'x-web-server',
  'x-webserver',
  'x-worker',
  'x-origin-server',
  'x-origin',
  'x-target',
  'x-real-server',
  'x-lb',
  'x-cluster-node',
  'x-region',
  'x-pool',
  'x-amz-cf-pop',
  'x-cdn-node',
  'x-edge-location',
  'fly-region',
  'server-id',
])

/** Names of members of Server-Timing whose description names a machine. */
const TIMING_NAMES = new Set(['backend', 'upstream', 'origin', 'server', 'host', 'node', 'pod', 'instance'])

/** Cookies whose whole value names a machine of the pool. */
const STICKY_COOKIES = new Set([
  'serverid',
  'server',
  'srv',
  'srvname',
  'backend',
  'node',
  'nodeid',
  'route',
  'routeid',
  'lb',
  'lbid',
  '_lb',
  'balancer',
  'balancerid',
  'stickysession',
  'sticky',
  'arraffinity',
  'arraffinitysamesite',
  'applicationgatewayaffinity',
  'applicationgatewayaffinitycors',
  'x-mapping',
  'ingresscookie',
  'traefik',
  'server_used',
])

/** Session cookies of Java and others carry the machine behind the last dot: JSESSIONID=4B1D.node2 (mod_jk, Tomcat jvmRoute). */
const ROUTED_COOKIES = new Set(['jsessionid', 'jsessionidsso', 'sessionid', 'session', 'sid'])

const MAX_MARKS = 16
const VALUE_CHARS = 200

/** The marks of one answer. Each name stands once; a name that repeats within an answer is left out. */
export function backendMarks(fields: readonly FieldLine[]): Mark[] {
  const marks: Mark[] = []
  for (const [name, value] of fields) {
    if (marks.length >= MAX_MARKS) break
    const lower = name.toLowerCase()
    if (BACKEND_FIELDS.has(lower)) add(marks, { what: 'field', name, value })
    else if (lower === 'server-timing') timingMarks(value, marks)
    else if (lower === 'set-cookie') cookieMark(value, marks)
  }
  return marks
}

function add(marks: Mark[], mark: Mark): void {
  const value = mark.value.trim().slice(0, VALUE_CHARS)
  if (value !== '' && !marks.some(({ what, name }) => what === mark.what && name === mark.name)) {
    marks.push({ ...mark, value })
  }
}

/** `backend;desc="app3"`: the description, not the duration (Server-Timing, W3C). */
function timingMarks(line: string, marks: Mark[]): void {
  for (const member of line.slice(0, 1_000).split(',')) {
    const [name = '', ...parameters] = member.split(';').map((part) => part.trim())
    if (!TIMING_NAMES.has(name.toLowerCase())) continue
    const says = parameters.find((parameter) => parameter.toLowerCase().startsWith('desc='))
    if (says)
      add(marks, { what: 'field', name: `Server-Timing ${name}`, value: says.slice(5).replaceAll('"', '') })
  }
}

function cookieMark(line: string, marks: Mark[]): void {
  const pair = line.slice(0, 4_096).split(';', 1)[0] ?? ''
  const equals = pair.indexOf('=')
  if (equals <= 0) return
  const name = pair.slice(0, equals).trim()
  const value = pair.slice(equals + 1).trim()
  const lower = name.toLowerCase()
  // F5 BIG-IP writes the encoded address of the pool member, NetScaler its own number of it.
  const whole = STICKY_COOKIES.has(lower) || lower.startsWith('bigipserver') || lower.startsWith('nsc_')
  if (whole) return add(marks, { what: 'cookie', name, value })
  const dot = value.lastIndexOf('.')
  const route = value.slice(dot + 1)
  if (ROUTED_COOKIES.has(lower) && dot > 0 && /^[A-Za-z0-9_-]{1,40}$/.test(route)) {
    add(marks, { what: 'cookie', name, value: route })
  }
}
