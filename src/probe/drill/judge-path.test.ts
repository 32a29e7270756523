import { describe, expect, test } from 'vitest'
import type { HopAnswer } from '../trace/tcp-trace.ts'
import { judgePath } from './judge-path.ts'

const HOST = '203.0.113.7'

function hop(
  ttl: number,
  means: HopAnswer['means'],
  ip: string | null = null,
  says: string | null = null,
): HopAnswer {
  return { ttl, ip, ms: ip === null ? null : 1, means, says }
}

const router = hop(1, 'passes_on', '192.0.2.1')

describe('judgePath()', () => {
  test.each<[string, HopAnswer[], boolean | null, string, string]>([
    ['an acceptance', [router, hop(2, 'accepts', HOST)], null, 'reached', 'now accepts the connection'],
    [
      'a refusal',
      [router, hop(2, 'refuses', HOST)],
      null,
      'reached',
      'the host is reached at hop 2 and refuses',
    ],
    ['a refusal at the distance of the host', [router, hop(2, 'refuses', HOST)], false, 'reached', 'refuses'],
    [
      'a refusal nearer than the host',
      [router, hop(2, 'refuses', HOST)],
      true,
      'firewall',
      'before the host',
    ],
    [
      'a prohibition on the way',
      [router, hop(2, 'prohibited', '192.0.2.2', 'communication administratively prohibited')],
      null,
      'firewall',
      '192.0.2.2 at hop 2 says: communication administratively prohibited',
    ],
    [
      'a rejection as firewalls send it by default',
      [router, hop(2, 'port_unreachable', '192.0.2.2', 'port unreachable')],
      null,
      'firewall',
      '192.0.2.2 at hop 2 says: port unreachable',
    ],
    [
      'a rejection by the host itself',
      [router, hop(2, 'port_unreachable', HOST, 'port unreachable')],
      null,
      'reached',
      'the host itself says at hop 2: port unreachable',
    ],
    [
      'a router that does not find the host',
      [router, hop(2, 'unreachable', '192.0.2.2', 'host unreachable')],
      null,
      'silence',
      '192.0.2.2 at hop 2 knows no way on: host unreachable',
    ],
    [
      'silence after a hop',
      [router, hop(2, 'nothing'), hop(3, 'nothing')],
      null,
      'silence',
      'behind hop 1 (192.0.2.1)',
    ],
    [
      'silence from the start',
      [hop(1, 'nothing'), hop(2, 'nothing')],
      null,
      'unknown',
      'no hop on the way answers',
    ],
    ['a way that was not walked to its end', [router], null, 'silence', 'silence behind hop 1'],
    [
      'our own refusal to send',
      [hop(1, 'own_system', null, 'our own system: EPERM')],
      null,
      'unknown',
      'EPERM',
    ],
    ['nothing', [], null, 'unknown', 'nothing was traced'],
  ])('reads %s', (_name, answers, refusalBeforeHost, end, summary) => {
    const judged = judgePath({ answers, refusalBeforeHost }, HOST)
    expect(judged.end).toBe(end)
    expect(judged.summary).toContain(summary)
  })
})
