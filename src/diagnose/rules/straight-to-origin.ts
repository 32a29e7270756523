// The machine that really hosts the site was asked past all gateways: whose side of the last leg is broken?
import type { Cause } from '../../model/diagnosis.ts'
import type { FailureCode } from '../../model/failure.ts'
import { type Rule, withFirstReason } from '../rule.ts'

/** What a failure of ours at the origin would be called by the gateway that met it (RFC 9209, section 2.3). */
const SAME_BY_GATEWAY: Partial<Record<FailureCode, Cause>> = {
  connect_refused: 'connection_refused',
  connect_timed_out: 'connection_timeout',
  connect_reset: 'connection_terminated',
  host_unreachable: 'destination_ip_unroutable',
  network_unreachable: 'destination_ip_unroutable',
  tls_not_spoken: 'tls_protocol_error',
  tls_timed_out: 'tls_protocol_error',
  tls_reset: 'tls_protocol_error',
  tls_closed: 'tls_protocol_error',
  tls_alert: 'tls_alert_received',
  tls_unrecognized_name: 'tls_alert_received',
  certificate_expired: 'tls_certificate_error',
  certificate_not_yet_valid: 'tls_certificate_error',
  certificate_wrong_host: 'tls_certificate_error',
  certificate_self_signed: 'tls_certificate_error',
  certificate_untrusted: 'tls_certificate_error',
  certificate_chain_incomplete: 'tls_certificate_error',
  closed_without_answer: 'connection_terminated',
  reset_without_answer: 'connection_terminated',
  answer_timed_out: 'http_response_timeout',
  receive_timed_out: 'http_response_timeout',
  not_http: 'http_protocol_error',
  http09_answer: 'http_protocol_error',
  status_line_malformed: 'http_protocol_error',
  header_malformed: 'http_protocol_error',
  header_too_large: 'http_response_header_section_size',
  framing_conflict: 'http_protocol_error',
  chunk_malformed: 'http_response_transfer_coding',
  header_truncated: 'http_response_incomplete',
  body_truncated: 'http_response_incomplete',
  body_reset: 'http_response_incomplete',
  body_undecodable: 'http_response_content_coding',
}

export default {
  id: 'straight-to-origin',
  codes: null,
  needs: ['failure', 'origin'],
  after: [
    'refused-status',
    'unanswered',
    'broken-answer',
    'connecting',
    'secure-socket',
    'certificate',
    'wrong-content',
    'half-dead-addresses',
  ],
  judge(evidence, draft) {
    const found = evidence.finding('origin')
    if (!draft || draft.final || !found || evidence.failure?.phase === 'resolve') return null
    const ids = evidence.step('origin')?.observations ?? []
    const { glance } = found
    if (found.verdict === 'works') {
      const cdn = draft.link === 'cdn' || draft.response?.chain.some(({ role }) => role === 'cdn')
      const front = cdn ? 'CDN' : 'gateway'
      // It is whole where it is made: what fails is in front, or between the front and it.
      return withFirstReason(
        {
          ...draft,
          link:
            evidence.failure?.phase === 'status' || evidence.failure?.phase === 'content'
              ? 'upstream'
              : cdn
                ? 'cdn'
                : 'gateway',
          party: cdn ? 'cdn_operator' : 'gateway_operator',
          causes:
            draft.causes.length > 1
              ? draft.causes.filter((cause) => cause !== 'upstream_error_passed_through')
              : draft.causes,
          confidence: 'likely',
          what: `the origin works when asked directly, so the ${front} or its way to the origin is at fault`,
          operator: [
            `Ask the origin from the machine of the ${front}: its firewall, its address in the ${front}'s settings, TLS towards it and the time-outs.`,
            ...draft.operator,
          ],
        },
        `Asked directly (${glance.ip ?? 'its address'}) the origin answers ${glance.status ?? 'well'}.`,
        ids,
      )
    }
    if (found.verdict === 'same') {
      const status = evidence.failure?.phase === 'status'
      return withFirstReason(
        {
          ...draft,
          link: 'origin',
          party: 'site_operator',
          causes: status ? ['upstream_error_passed_through'] : draft.causes,
          confidence: 'certain',
          what: `the origin itself fails in the same way (${glance.status ?? glance.failure?.code ?? 'same failure'}), without any gateway`,
          operator: [
            'Look into the log of the application on the origin; whatever stands in front only passes it on.',
            ...draft.operator,
          ],
        },
        'Asked directly, past everything in front, the origin gives the same failure.',
        ids,
      )
    }
    const code = glance.failure?.code
    const cause: Cause | undefined = code
      ? SAME_BY_GATEWAY[code]
      : glance.status !== null && glance.status >= 400
        ? 'upstream_error_passed_through'
        : undefined
    const front = evidence.failure?.phase === 'status'
    return withFirstReason(
      {
        ...draft,
        link: 'origin',
        party: 'site_operator',
        // What we met at the origin is what the gateway meets there, unless a firewall lets only the gateway in.
        causes:
          cause && front ? [cause, ...draft.causes.filter((one) => one !== cause).slice(0, 2)] : draft.causes,
        confidence: 'likely',
        what: `the origin itself fails when asked directly (${glance.failure?.code ?? `status ${glance.status}`})`,
      },
      `Asked directly the origin fails too, in its own way: ${glance.failure?.raw ?? `status ${glance.status}`}. (A firewall may let in the gateway alone.)`,
      ids,
    )
  },
} satisfies Rule
