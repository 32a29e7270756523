// Redirects that lead in a circle, on and on, or nowhere. The server that sends them is at work; its rules are wrong.
import type { FailureCode } from '../../model/failure.ts'
import { farEnd } from '../far-end.ts'
import { begin, type Rule, withReason } from '../rule.ts'

const WHATS: Partial<Record<FailureCode, string>> = {
  redirect_loop: 'its redirects run in a circle',
  redirect_limit: 'its redirects do not come to an end',
  redirect_invalid: 'it redirects to something that is no web address',
}

export default {
  id: 'redirects',
  codes: ['redirect_loop', 'redirect_limit', 'redirect_invalid'],
  needs: ['failure'],
  after: ['own-network'],
  judge(evidence, earlier) {
    const code = evidence.failure?.code
    if (earlier || !code) return null
    const urls = evidence.result.exchanges.map(({ url }) => URL.parse(url))
    const draft = begin(evidence, {
      link: 'content',
      party: 'site_operator',
      causes: [code],
      confidence: 'certain',
      what: WHATS[code] ?? 'its redirects are wrong',
    })
    // http and https taking turns on one host: somebody in front takes TLS off and the server behind wants it.
    const hosts = new Set(urls.map((url) => url?.host.replace(/^www\./, '')))
    const schemes = new Set(urls.map((url) => url?.protocol))
    if (code !== 'redirect_invalid' && hosts.size === 1 && schemes.size === 1 && evidence.secure) {
      const far = farEnd(evidence)
      const cdn = far.link === 'cdn' || (evidence.judged()?.chain ?? []).some(({ role }) => role === 'cdn')
      if (!cdn) return draft
      return withReason(
        {
          ...draft,
          link: 'cdn',
          party: 'site_operator',
          confidence: 'likely',
          what: 'the CDN asks the server over http, and the server redirects to https for ever',
          operator: [
            'Set the CDN to speak TLS with the server (Cloudflare: SSL/TLS mode Full), or let the server trust X-Forwarded-Proto.',
          ],
        },
        'Every redirect of the circle is to https on the same host, and a CDN stands in front.',
        evidence.idsOf('redirect'),
      )
    }
    if (schemes.size === 2 && hosts.size === 1) {
      return withReason(
        { ...draft, what: 'http and https of the same host redirect to each other' },
        'The redirects alternate between http and https on one host.',
        evidence.idsOf('redirect'),
      )
    }
    return draft
  },
} satisfies Rule
