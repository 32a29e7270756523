// Whose trouble it is, from findings alone: what cannot be built as a network, or only at length.
import { describe, expect, test } from 'vitest'
import { judgeOwnSide } from '../../src/diagnose/own-side.ts'
import type { DoctorFinding, DoctorLook, ReferenceFacts } from '../../src/model/doctor.ts'
import { type FailureCode, failure } from '../../src/model/failure.ts'

const HOME: DoctorFinding = {
  kind: 'interfaces',
  each: [{ name: 'lan', up: true, addresses: ['10.0.1.2/24'] }],
  families: [4],
  selfAssigned: false,
}

function reference(url: string, code: FailureCode | null = null): ReferenceFacts {
  const failed = code === null ? null : failure(code, code)
  return { url, by: 'name', family: 4, works: code === null, failure: failed, ms: 5 }
}

function references(...codes: (FailureCode | null)[]): DoctorFinding {
  return { kind: 'references', each: codes.map((code, index) => reference(`https://${index}.test/`, code)) }
}

function judge(...findings: DoctorFinding[]) {
  const looks = [HOME, ...findings].map(
    (finding, index): DoctorLook => ({
      look: finding.kind,
      summary: 'seen',
      finding,
      observations: [`o${index}`],
    }),
  )
  return judgeOwnSide(looks)
}

function portal(answer: 'expected' | 'other' | 'failed', location: string | null = null): DoctorFinding {
  return { kind: 'portal', each: [{ url: 'http://p.test/', answer, status: 200, location, failure: null }] }
}

function clock(offsetMs: number, sure = true): DoctorFinding {
  return { kind: 'clock', each: [], offsetMs, sure }
}

const DAY_MS = 86_400_000

describe('judgeOwnSide()', () => {
  test.each<[string, DoctorFinding[], object, RegExp]>([
    [
      'foreign certificates everywhere are somebody on the way',
      [references('certificate_untrusted', 'certificate_untrusted')],
      { outcome: 'broken', cause: 'certificate_untrusted', article: 'tls-interception' },
      /opens the encryption/,
    ],
    [
      'one foreign certificate among sites that work is that site',
      [references('certificate_untrusted', null)],
      { outcome: 'well', link: 'none' },
      /It is not you/,
    ],
    [
      'certificates of another time, and the clock that makes them so',
      [references('certificate_not_yet_valid', 'certificate_not_yet_valid'), clock(-400 * DAY_MS)],
      {
        outcome: 'broken',
        link: 'you',
        cause: 'certificate_not_yet_valid',
        party: 'visitor',
        confidence: 'certain',
      },
      /400 days slow/,
    ],
    [
      'half a minute off is not worth a word',
      [references(null, null), clock(29_000)],
      { outcome: 'well' },
      /not you/,
    ],
    [
      'one site alone does not prove our clock wrong',
      [references(null, null), clock(DAY_MS, false)],
      { outcome: 'well' },
      /not you/,
    ],
    [
      'a wrong clock does not explain a dead network',
      [references('connect_timed_out', 'connect_timed_out'), clock(DAY_MS)],
      { outcome: 'broken', link: 'network', cause: 'connect_timed_out', confidence: 'possible' },
      /Nothing outside can be reached/,
    ],
    [
      'a page that is not the known one while TLS works is no portal for certain',
      [references(null, null), portal('other')],
      { outcome: 'degraded', cause: 'captive_portal', confidence: 'possible' },
      /what is encrypted goes through/,
    ],
    [
      'a portal that redirects, and nothing else',
      [references('connect_refused', 'tls_closed'), portal('other', 'http://login.test/')],
      { outcome: 'broken', cause: 'captive_portal', confidence: 'certain' },
      /log in first/,
    ],
    [
      'known pages without a site cannot be told apart from a filter',
      [references('connect_timed_out', 'connect_timed_out'), portal('expected')],
      { outcome: 'unknown', blame: 'cannot_tell', link: 'none' },
      /those sites are down, or something filters/,
    ],
    [
      'our own want of sockets blames nobody',
      [references('local_limit', 'local_limit')],
      { outcome: 'unknown', link: 'none', party: null },
      /too busy or too full/,
    ],
    [
      'a large answer that hangs, with no second try, is a maybe',
      [
        references(null, null),
        {
          kind: 'packet_size',
          url: 'https://0.test/',
          largeArrives: false,
          smallArrives: null,
          failure: failure('receive_timed_out', 'x'),
        },
      ],
      { outcome: 'degraded', confidence: 'possible', cause: 'receive_timed_out' },
      /perhaps large packets are lost/,
    ],
    [
      'a large answer that hangs in small packets as well is no matter of size',
      [
        references(null, null),
        {
          kind: 'packet_size',
          url: 'https://0.test/',
          largeArrives: false,
          smallArrives: false,
          failure: failure('receive_timed_out', 'x'),
        },
      ],
      { outcome: 'well' },
      /not you/,
    ],
    [
      'a proxy that wants a login',
      [
        references(null, null),
        {
          kind: 'proxies',
          malformed: null,
          each: [
            {
              proxy: 'http://p.test:3128',
              url: 'https://0.test/',
              works: false,
              failure: failure('proxy_auth_required', '407'),
            },
          ],
        },
      ],
      { outcome: 'broken', link: 'proxy', cause: 'proxy_auth_required', party: 'visitor' },
      /proxy auth required/,
    ],
  ])('%s', (_name, findings, verdict, headline) => {
    const judged = judge(...findings)
    expect(judged).toMatchObject(verdict)
    expect(judged.headline).toMatch(headline)
    for (const { evidence } of judged.reasons) expect(evidence.length).toBeGreaterThan(0)
  })

  test('nothing seen is nothing told', () => {
    expect(judgeOwnSide([])).toMatchObject({ outcome: 'unknown', link: 'none', reasons: [] })
  })
})
