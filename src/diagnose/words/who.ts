// Links and parties as a sentence names them.
import type { Link, Party } from '../../model/diagnosis.ts'

export const LINK_NAMES: Readonly<Record<Link, string>> = {
  you: 'Your side',
  resolver: 'The resolver',
  dns: 'The DNS of the name',
  network: 'The network on the way',
  proxy: 'The proxy',
  cdn: 'The CDN',
  gateway: 'The gateway',
  upstream: 'Behind the gateway',
  origin: 'The server',
  content: 'The content',
  monitor: 'This monitor',
}

export const PARTY_NAMES: Readonly<Record<Party, string>> = {
  visitor: 'you must act',
  access_provider: 'your network or its provider must act',
  dns_operator: "the zone's DNS operator must act",
  network_operator: 'the network operator must act',
  cdn_operator: 'the CDN or its customer must act',
  gateway_operator: "the gateway's operator must act",
  site_operator: "the site's operator must act",
  monitor_operator: "this monitor's operator must act",
}
