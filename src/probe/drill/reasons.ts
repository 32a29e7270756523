// Why a look cannot apply, and how its answers are put in a few words: the same sentences for all looks.
import type { Glance } from '../../model/drill.ts'
import type { Subject } from './look.ts'

/** No address is known for the site, so nothing can be asked of it. */
export function withoutAddress({ addresses, last }: Subject): string | null {
  return addresses.length === 0 && last.address === null && last.proxy === null
    ? 'the name led to no address'
    : null
}

/** The failure came before a request could be sent, so what is asked for makes no difference. */
export function beforeRequest({ failure }: Subject): string | null {
  switch (failure?.phase) {
    case 'url':
    case 'resolve':
    case 'connect':
      return 'the failure came before a request could be sent'
    case 'tls':
      return 'no secure connection came about, so no request could be sent'
    default:
      return null
  }
}

/** Nothing failed that another answer could be held against. */
export function nothingFailed({ failure }: Subject): string | null {
  return failure === null ? 'nothing failed' : null
}

/** The check works, and what needs attention is not in the answer. */
export function onlyCertificateAges({ failure }: Subject): string | null {
  return failure?.code === 'certificate_expiring' ? 'only the age of the certificate needs attention' : null
}

/** The first reason that holds. */
export function firstReason(...reasons: (string | null)[]): string | null {
  return reasons.find((reason) => reason !== null) ?? null
}

/** What came, in a few words: "502", "connect_refused". */
export function inShort({ failure, status }: Glance): string {
  if (status !== null && (failure === null || failure.code === 'status_unaccepted')) return String(status)
  if (failure) return status === null ? failure.code : `${status} (${failure.code})`
  return 'nothing'
}
