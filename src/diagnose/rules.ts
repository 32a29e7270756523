// The list of all rules, in an order in which each comes after those it builds on. Kept by hand, compared with the
// folder by test/diagnose/rules/rules.test.ts.
import type { Rule } from './rule.ts'
import brokenAnswer from './rules/broken-answer.ts'
import cachedError from './rules/cached-error.ts'
import certificate from './rules/certificate.ts'
import connecting from './rules/connecting.ts'
import halfDeadAddresses from './rules/half-dead-addresses.ts'
import hopsWalked from './rules/hops-walked.ts'
import hostsFile from './rules/hosts-file.ts'
import nameLookup from './rules/name-lookup.ts'
import noRouteHere from './rules/no-route-here.ts'
import oneBadMachine from './rules/one-bad-machine.ts'
import onePageOnly from './rules/one-page-only.ts'
import otherProtocol from './rules/other-protocol.ts'
import ourOwnFault from './rules/our-own-fault.ts'
import ownNetwork from './rules/own-network.ts'
import parkedDomain from './rules/parked-domain.ts'
import redirects from './rules/redirects.ts'
import referenceSites from './rules/reference-sites.ts'
import refusedStatus from './rules/refused-status.ts'
import secureSocket from './rules/secure-socket.ts'
import straightToOrigin from './rules/straight-to-origin.ts'
import throughAProxy from './rules/through-a-proxy.ts'
import timeToError from './rules/time-to-error.ts'
import tooSlow from './rules/too-slow.ts'
import unanswered from './rules/unanswered.ts'
import wayToThePort from './rules/way-to-the-port.ts'
import whatChanged from './rules/what-changed.ts'
import withoutTheProxy from './rules/without-the-proxy.ts'
import wrongContent from './rules/wrong-content.ts'
import wrongSuccess from './rules/wrong-success.ts'

export const RULES: readonly Rule[] = [
  // Roots: with these nothing else needs saying.
  ourOwnFault,
  ownNetwork,
  noRouteHere,
  // What failed, by phase.
  nameLookup,
  throughAProxy,
  connecting,
  secureSocket,
  certificate,
  unanswered,
  brokenAnswer,
  redirects,
  refusedStatus,
  wrongContent,
  tooSlow,
  wrongSuccess,
  // What the further looks add to that.
  withoutTheProxy,
  hostsFile,
  halfDeadAddresses,
  straightToOrigin,
  parkedDomain,
  cachedError,
  onePageOnly,
  oneBadMachine,
  otherProtocol,
  hopsWalked,
  timeToError,
  wayToThePort,
  referenceSites,
  whatChanged,
]
