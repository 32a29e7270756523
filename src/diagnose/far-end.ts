// Whose machine we dialled, as far as names tell it: a CDN or platform behind an alias, else the site's own server.
// Knows no answers; who wrote those is the business of fingerprints.
import type { Link, Party } from '../model/diagnosis.ts'
import { type Evidence, listIn } from './evidence.ts'

/** Names that sites are aliases of when a CDN or a platform serves them. */
const OPERATORS: readonly (readonly [suffix: string, name: string, kind: 'cdn' | 'gateway'])[] = [
  ['cloudfront.net', 'Amazon CloudFront', 'cdn'],
  ['cdn.cloudflare.net', 'Cloudflare', 'cdn'],
  ['fastly.net', 'Fastly', 'cdn'],
  ['fastlylb.net', 'Fastly', 'cdn'],
  ['akamaiedge.net', 'Akamai', 'cdn'],
  ['akamai.net', 'Akamai', 'cdn'],
  ['akadns.net', 'Akamai', 'cdn'],
  ['edgekey.net', 'Akamai', 'cdn'],
  ['edgesuite.net', 'Akamai', 'cdn'],
  ['azureedge.net', 'Azure CDN', 'cdn'],
  ['azurefd.net', 'Azure Front Door', 'cdn'],
  ['b-cdn.net', 'bunny.net', 'cdn'],
  ['kxcdn.com', 'KeyCDN', 'cdn'],
  ['cdn77.org', 'CDN77', 'cdn'],
  ['gcdn.co', 'Gcore', 'cdn'],
  ['incapdns.net', 'Imperva', 'cdn'],
  ['sucuri.net', 'Sucuri', 'cdn'],
  ['kunlunsl.com', 'Alibaba Cloud CDN', 'cdn'],
  ['alikunlun.com', 'Alibaba Cloud CDN', 'cdn'],
  ['cdn.dnsv1.com', 'Tencent Cloud CDN', 'cdn'],
  ['eo.dnse1.com', 'Tencent EdgeOne', 'cdn'],
  ['elb.amazonaws.com', 'AWS Elastic Load Balancing', 'gateway'],
  ['azurewebsites.net', 'Azure App Service', 'gateway'],
  ['trafficmanager.net', 'Azure Traffic Manager', 'gateway'],
  ['cloudapp.azure.com', 'Azure', 'gateway'],
  ['ghs.googlehosted.com', 'Google', 'gateway'],
  ['run.app', 'Google Cloud Run', 'gateway'],
  ['herokudns.com', 'Heroku', 'gateway'],
  ['herokuapp.com', 'Heroku', 'gateway'],
  ['netlify.app', 'Netlify', 'cdn'],
  ['vercel-dns.com', 'Vercel', 'cdn'],
  ['vercel.app', 'Vercel', 'cdn'],
  ['github.io', 'GitHub Pages', 'cdn'],
  ['gitlab.io', 'GitLab Pages', 'gateway'],
  ['pages.dev', 'Cloudflare Pages', 'cdn'],
  ['workers.dev', 'Cloudflare Workers', 'cdn'],
  ['fly.dev', 'Fly.io', 'gateway'],
  ['onrender.com', 'Render', 'gateway'],
  ['up.railway.app', 'Railway', 'gateway'],
  ['ondigitalocean.app', 'DigitalOcean App Platform', 'gateway'],
  ['myshopify.com', 'Shopify', 'cdn'],
  ['wpengine.com', 'WP Engine', 'gateway'],
  ['pantheonsite.io', 'Pantheon', 'gateway'],
  ['squarespace.com', 'Squarespace', 'cdn'],
  ['wixdns.net', 'Wix', 'cdn'],
]

export interface FarEnd {
  link: Link
  party: Party
  /** "Amazon CloudFront", or null when nothing tells. */
  name: string | null
  /** How we know; null when nothing tells. */
  howWeKnow: string | null
  evidence: string[]
}

function operatorOf(name: string): (typeof OPERATORS)[number] | undefined {
  const folded = name.toLowerCase().replace(/\.$/, '')
  return OPERATORS.find(([suffix]) => folded === suffix || folded.endsWith(`.${suffix}`))
}

/** Aliases of the host that the check met on its way to an address, in order. */
export function aliasesOf(evidence: Evidence): string[] {
  const seen = evidence.of('resolve').at(-1)
  const names = listIn(seen?.output, 'aliases').filter((name): name is string => typeof name === 'string')
  const canonical = seen?.output?.['canonicalName']
  return typeof canonical === 'string' ? [...names, canonical] : names
}

/** Who answers at the address we dialled. Without a sign it is the origin, run by the site's operator. */
export function farEnd(evidence: Evidence): FarEnd {
  for (const alias of [evidence.host, ...aliasesOf(evidence)]) {
    const known = operatorOf(alias)
    if (!known) continue
    const [suffix, name, kind] = known
    return {
      link: kind,
      party: kind === 'cdn' ? 'cdn_operator' : 'gateway_operator',
      name,
      howWeKnow: `The name leads to ${suffix}, which is ${name}.`,
      evidence: evidence.idsOf('resolve'),
    }
  }
  const hops = evidence.finding('hops')
  const first = hops?.hops[0]
  if (first) {
    return {
      link: 'gateway',
      party: 'gateway_operator',
      name: first.server,
      howWeKnow: first.howWeKnow,
      evidence: evidence.step('hops')?.observations ?? [],
    }
  }
  return { link: 'origin', party: 'site_operator', name: null, howWeKnow: null, evidence: [] }
}
