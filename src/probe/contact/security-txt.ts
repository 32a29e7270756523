// Asks a site for its security.txt (RFC 9116): the one contact that every site may publish about itself.
import type { CheckOptions } from '../../model/check-options.ts'
import type { ContactFacts } from '../../model/contact.ts'
import { parseSecurityTxt } from '../../wire/security-txt.ts'
import type { ProbeContext } from '../context.ts'
import { fetchDocument } from './fetch-document.ts'

/** RFC 9116, 3; the second is where it stood before, and some still have it only there. */
const PLACES = ['/.well-known/security.txt', '/security.txt']

/** Asks the origin of `site`; writes what it finds, or why it finds nothing, into `facts`. */
export async function lookUpSecurityTxt(
  site: URL,
  options: CheckOptions,
  facts: ContactFacts,
  ctx: ProbeContext,
): Promise<void> {
  for (const place of PLACES) {
    const document = await fetchDocument(new URL(place, site.origin), 'text/plain', options, ctx)
    // A page for people under this name is an error page in disguise.
    const isText = /^\s*text\/plain\b/i.test(document.type)
    const parsed =
      document.status === 200 && document.text !== null && isText ? parseSecurityTxt(document.text) : null
    if (parsed) {
      const expires = parsed.expires
      facts.security = {
        contacts: parsed.contacts,
        expires,
        expired: expires !== null && Date.parse(expires) < ctx.io.clock.wallMs(),
        source: document.url,
      }
      return
    }
    if (document.status === null) break
  }
  facts.missing.push(`${site.origin} publishes no security.txt.`)
}
