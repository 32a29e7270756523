// A registry that speaks RDAP on loopback: bootstrap files, networks, entities; or whatever a test makes it say.
import { type Answer, httpServer, type HttpWorld } from './http-server.ts'

export interface RdapWorld extends HttpWorld {
  /** Paths asked for, in order. */
  paths(): string[]
}

/** A JSON answer of the RDAP media type (RFC 7480, 4.2). */
export function rdap(value: unknown, status = '200 OK', fields = ''): Answer {
  const body = typeof value === 'string' ? value : JSON.stringify(value)
  return {
    bytes: `HTTP/1.1 ${status}\r\nContent-Type: application/rdap+json\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  }
}

/** An entity with a jCard (RFC 7095). */
export function entity(roles: string[], email: string | null, more: Record<string, unknown> = {}): unknown {
  const card: unknown[] = [
    ['version', {}, 'text', '4.0'],
    ['fn', {}, 'text', `${roles[0]} desk`],
  ]
  if (email !== null) card.push(['email', { type: 'work' }, 'text', email])
  return { objectClassName: 'entity', handle: `${roles[0]}-1`, roles, vcardArray: ['vcard', card], ...more }
}

/** A network object around entities (RFC 9083, 5.4). */
export function network(entities: unknown[], more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    objectClassName: 'ip network',
    handle: 'NET-127',
    name: 'LOOPNET',
    country: 'ZZ',
    startAddress: '127.0.0.0',
    endAddress: '127.255.255.255',
    entities,
    ...more,
  }
}

/**
 * Starts it. It is responsible for the loopback addresses of both families under `/registry/`; `answer` gets the path
 * behind that and says what the registry answers, undefined for 404.
 */
export async function rdapServer(
  answer: (path: string, count: number) => Answer | undefined,
): Promise<RdapWorld> {
  let base = ''
  const world = await httpServer((request, count) => {
    const path = request.split(' ', 2)[1] ?? ''
    if (path === '/rdap/ipv4.json') {
      return rdap({
        version: '1.0',
        services: [
          [['10.0.0.0/8'], ['http://127.0.0.1:1/wrong/']],
          [['127.0.0.0/8', '192.0.2.0/24'], [base]],
        ],
      })
    }
    if (path === '/rdap/ipv6.json') return rdap({ version: '1.0', services: [[['::1/128'], [base]]] })
    const none = rdap({ errorCode: 404, title: 'Not found' }, '404 Not Found')
    return path.startsWith('/registry/') ? (answer(path.slice('/registry/'.length), count) ?? none) : none
  })
  base = `${world.url}registry/`
  return { ...world, paths: () => world.requests.map((request) => request.split(' ', 2)[1] ?? '') }
}
