// The way to a port, in networks of its own: visitor, two routers and a host, each a network namespace, and the ways
// in which the way ends.
import { getuid } from 'node:process'
import { describe, expect, test } from 'vitest'
import type { PathFinding } from '../../src/model/drill.ts'
import type { Failure } from '../../src/model/failure.ts'
import { DEFAULT_DRILL, DEFAULT_OPTIONS } from '../../src/model/check-options.ts'
import path from '../../src/probe/steps/drill/path.ts'
import { loadLibc } from '../../src/probe/trace/libc.ts'
import { alone, OWN_NETWORK, ownNetworkSuite } from '../world/alone.ts'
import { runLook } from '../world/drill-look.ts'
import { listen, refusingPort } from '../world/tcp-server.ts'

/** 10.0.1.1 - 10.0.1.2 [A] 10.0.2.1 - 10.0.2.2 [B] 10.0.3.1 - 10.0.3.2 [SERVER], and the same in fd00:N::. */
const NETWORK = `
  set -e; ip link set lo up; echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
  place() { unshare -n sleep 600 & PLACE=$!
    until [ "$(readlink /proc/$PLACE/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
    nsenter -t $PLACE -n ip link set lo up
    nsenter -t $PLACE -n sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/icmp_ratelimit
      echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad'; }
  in_place() { who=$1; shift; nsenter -t $who -n "$@"; }
  join() { # number, left place, right place
    ip link add left type veth peer name right
    ip link set left netns $2 name down$1; ip link set right netns $3 name up$1
    in_place $2 ip addr add 10.0.$1.1/24 dev down$1; in_place $3 ip addr add 10.0.$1.2/24 dev up$1
    in_place $2 ip -6 addr add fd00:$1::1/64 dev down$1 nodad; in_place $3 ip -6 addr add fd00:$1::2/64 dev up$1 nodad
    in_place $2 ip link set down$1 up; in_place $3 ip link set up$1 up; }
  place; A=$PLACE; place; B=$PLACE; place; export SERVER=$PLACE
  join 1 $$ $A; join 2 $A $B; join 3 $B $SERVER
  ip route add default via 10.0.1.2; in_place $A ip route add 10.0.3.0/24 via 10.0.2.2
  in_place $B ip route add 10.0.1.0/24 via 10.0.2.1; in_place $SERVER ip route add default via 10.0.3.1
  ip -6 route add default via fd00:1::2; in_place $A ip -6 route add fd00:3::/64 via fd00:2::2
  in_place $B ip -6 route add fd00:1::/64 via fd00:2::1; in_place $SERVER ip -6 route add default via fd00:3::1
  `

const WRAPPER = [...(OWN_NETWORK ?? []), '-p', '-f', '--mount-proc', '--kill-child']

function inside(prepare: string, ...given: string[]) {
  const run = alone('path-alone.ts', `${NETWORK}${prepare}\n`, WRAPPER, ...given) as {
    failure: Failure | null
    looked: { summary: string; finding: PathFinding } | { skipped: string }
  }
  if ('skipped' in run.looked) throw new Error(`skipped: ${run.looked.skipped}`)
  return { failure: run.failure, ...run.looked }
}

function places(finding: PathFinding): (string | null)[][] {
  return finding.hops.map(({ ip, says }) => [ip, says])
}

ownNetworkSuite('path, with networks of its own', () => {
  test.each([
    ['10.0.3.2', 'http://10.0.3.2/', ['10.0.1.2', '10.0.2.2']],
    ['fd00:3::2', 'http://[fd00:3::2]/', ['fd00:1::2', 'fd00:2::2']],
  ])('the host %s refuses, two hops away', (ip, url, routers) => {
    const { failure, finding, summary } = inside('', url)
    expect(failure?.code).toBe('connect_refused')
    expect(finding).toMatchObject({ kind: 'path', method: 'tcp_trace', end: 'reached', mtuTrouble: null })
    expect(places(finding)).toEqual([...routers.map((router) => [router, null]), [ip, 'refuses (RST)']])
    expect(finding.hops.every(({ ms }) => ms !== null && ms >= 0)).toBe(true)
    expect(summary).toBe('the host is reached at hop 3 and refuses')
  })

  test('a firewall that prohibits is told from the host', () => {
    const { finding, summary } = inside(
      'in_place $B ip route del 10.0.3.0/24 dev down3; in_place $B ip route add prohibit 10.0.3.0/24',
      'http://10.0.3.2/',
    )
    expect(finding.end).toBe('firewall')
    expect(finding.hops.at(-1)).toMatchObject({
      ip: '10.0.2.2',
      says: 'communication administratively prohibited',
    })
    expect(summary).toBe('10.0.2.2 at hop 2 says: communication administratively prohibited')
  })

  test('a firewall that answers with a reset in the name of the host', () => {
    const { failure, finding, summary } = inside(
      // B has the host's address itself, and passes on to the host only what is UDP.
      `in_place $B ip rule add pref 100 lookup local; in_place $B ip rule add pref 10 ipproto udp lookup 200
       in_place $B ip rule del pref 0; in_place $B ip route add 10.0.3.2 dev down3 table 200
       in_place $B ip addr add 10.0.3.2/32 dev lo`,
      'http://10.0.3.2/',
    )
    expect(failure?.code).toBe('connect_refused')
    expect(finding.end).toBe('firewall')
    expect(places(finding)).toEqual([
      ['10.0.1.2', null],
      ['10.0.3.2', 'refuses (RST)'],
    ])
    expect(summary).toBe('the connection is refused at hop 2, before the host: other packets go farther')
  })

  test('a router that knows no way on', () => {
    const { failure, finding } = inside(
      'in_place $B ip route del 10.0.3.0/24 dev down3; in_place $B ip route add unreachable 10.0.3.0/24',
      'http://10.0.3.2/',
    )
    expect(failure?.code).toBe('host_unreachable')
    expect(finding.end).toBe('silence')
    expect(finding.hops.at(-1)).toMatchObject({ ip: '10.0.2.2', says: 'host unreachable' })
  })

  test('silence behind the last hop that answers', () => {
    const { failure, finding, summary } = inside(
      'in_place $B ip route del 10.0.3.0/24 dev down3; in_place $B ip route add blackhole 10.0.3.0/24',
      'http://10.0.3.2/',
    )
    expect(failure?.code).toBe('connect_timed_out')
    expect(finding.end).toBe('silence')
    expect(summary).toBe('silence behind hop 1 (10.0.1.2)')
    expect(finding.hops.slice(0, 2)).toMatchObject([
      { ttl: 1, ip: '10.0.1.2' },
      { ttl: 2, ip: null, ms: null, says: null },
    ])
  })

  test('large packets are lost and nobody says so: small ones bring the answer', () => {
    const { failure, finding, summary } = inside(
      'in_place $A ip link set up1 mtu 1000; in_place $A ip rule add pref 0 ipproto icmp blackhole',
      'http://10.0.3.2/',
      'large',
    )
    expect(failure?.code).toBe('answer_timed_out')
    expect(finding).toMatchObject({ method: 'none', mtuTrouble: true })
    expect(summary).toContain('large packets are lost on the way (MTU)')
  })

  test('a server that never answers is no matter of packet sizes', () => {
    const { failure, finding } = inside('', 'http://10.0.3.2/', 'mute')
    expect(failure?.code).toBe('answer_timed_out')
    expect(finding.mtuTrouble).toBe(false)
  })

  // Only root can become somebody else.
  test.runIf(getuid?.() === 0)('needs no rights', () => {
    const become = 'exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs "$0" "$@"'
    expect(inside(become, 'http://10.0.3.2/').finding.end).toBe('reached')
  })

  test('is skipped with the reason where node:ffi is switched off', () => {
    const run = (): unknown => inside('export NODE_OPTIONS=--no-experimental-ffi', 'http://10.0.3.2/')
    expect(run).toThrow(/skipped: Node v[\d.]+ has no node:ffi/)
  })
})

describe('path', () => {
  test('is skipped for this machine, for a proxy and when nothing of the way failed', async () => {
    const refused = await runLook(path, `http://127.0.0.1:${await refusingPort()}/`)
    expect(refused.looked).toEqual({ skipped: 'the address is this machine: there is no way to it' })
    await using server = await listen(
      (socket) => void socket.end('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n'),
    )
    const failed = await runLook(path, `http://127.0.0.1:${server.port}/`)
    expect(failed.looked).toEqual({ skipped: 'connecting did not fail, and nothing stalled' })
    const { subject } = refused
    const through = { ...subject, last: { ...subject.last, proxy: 'http://proxy.test:3128' } }
    const options = { ...DEFAULT_OPTIONS, drill: DEFAULT_DRILL }
    expect(path.skip(through, { options } as Parameters<typeof path.skip>[1])).toContain(
      'begins at the proxy',
    )
  })

  test('loadLibc() loads once and leaves the warnings of others alone', () => {
    const { emitWarning } = process
    const first = loadLibc()
    expect(loadLibc()).toBe(first)
    expect(process.emitWarning).toBe(emitWarning)
  })
})
