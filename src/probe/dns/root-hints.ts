// The name servers of the root zone (IANA root hints, https://www.internic.net/domain/named.root), from where every
// delegation can be walked. Data only.

interface RootServer {
  name: string
  ips: readonly [v4: string, v6: string]
}

/** All thirteen. Each address stands for many machines (anycast), so a few of them are enough for one walk. */
export const ROOT_HINTS: readonly RootServer[] = [
  { name: 'a.root-servers.net', ips: ['198.41.0.4', '2001:503:ba3e::2:30'] },
  { name: 'b.root-servers.net', ips: ['170.247.170.2', '2801:1b8:10::b'] },
  { name: 'c.root-servers.net', ips: ['192.33.4.12', '2001:500:2::c'] },
  { name: 'd.root-servers.net', ips: ['199.7.91.13', '2001:500:2d::d'] },
  { name: 'e.root-servers.net', ips: ['192.203.230.10', '2001:500:a8::e'] },
  { name: 'f.root-servers.net', ips: ['192.5.5.241', '2001:500:2f::f'] },
  { name: 'g.root-servers.net', ips: ['192.112.36.4', '2001:500:12::d0d'] },
  { name: 'h.root-servers.net', ips: ['198.97.190.53', '2001:500:1::53'] },
  { name: 'i.root-servers.net', ips: ['192.36.148.17', '2001:7fe::53'] },
  { name: 'j.root-servers.net', ips: ['192.58.128.30', '2001:503:c27::2:30'] },
  { name: 'k.root-servers.net', ips: ['193.0.14.129', '2001:7fd::1'] },
  { name: 'l.root-servers.net', ips: ['199.7.83.42', '2001:500:9f::42'] },
  { name: 'm.root-servers.net', ips: ['202.12.27.33', '2001:dc3::35'] },
]

/** Public resolvers of several operators, to hold one's own against: Cloudflare, Google, Quad9, OpenDNS. */
export const PUBLIC_RESOLVERS: readonly { operator: string; v4: string; v6: string }[] = [
  { operator: 'Cloudflare', v4: '1.1.1.1', v6: '2606:4700:4700::1111' },
  { operator: 'Google', v4: '8.8.8.8', v6: '2001:4860:4860::8888' },
  { operator: 'Quad9', v4: '9.9.9.9', v6: '2620:fe::fe' },
  { operator: 'OpenDNS', v4: '208.67.222.222', v6: '2620:119:35::35' },
]
