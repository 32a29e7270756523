// Signs that a domain is parked or expired: the name servers and addresses of services that do nothing else. Data
// and two look-ups; a sign is no proof, so it is named.
import type { ResolversFinding, ServerSaid } from '../../model/drill.ts'
import { isWithin } from '../dns/walk-answer.ts'

/** Name servers that serve nothing but parked, expired or suspended domains, by the domain of their names. */
const PARKING_NAME_SERVERS: readonly [domain: string, service: string][] = [
  ['above.com', 'Above.com'],
  ['afternic.com', 'Afternic'],
  ['bodis.com', 'Bodis'],
  ['cashparking.com', 'GoDaddy CashParking'],
  ['dan.com', 'Dan.com'],
  ['undeveloped.com', 'Dan.com'],
  ['dsredirection.com', 'Internet Traffic'],
  ['fastpark.net', 'Fastpark'],
  ['internettraffic.com', 'Internet Traffic'],
  ['namedrive.com', 'NameDrive'],
  ['namefind.com', 'GoDaddy NameFind'],
  ['ndsplitter.com', 'NameDrive'],
  ['parkingcrew.net', 'ParkingCrew'],
  ['parklogic.com', 'ParkLogic'],
  ['parked.com', 'Parked.com'],
  ['rookdns.com', 'Rook Media'],
  ['sedoparking.com', 'Sedo'],
  ['skenzo.com', 'Skenzo'],
  ['smartname.com', 'SmartName'],
  ['trafficz.com', 'TrafficZ'],
  ['uniregistrymarket.link', 'Uniregistry Market'],
  ['voodoo.com', 'Voodoo'],
  ['ztomy.com', 'Ztomy'],
]

/** Name servers that registrars switch to when a domain has expired or is on hold. */
const HOLDING_NAME_SERVERS: readonly [domain: string, service: string][] = [
  ['failed-whois-verification.namecheap.com', 'owner not verified at Namecheap'],
  // The more special name first.
  ['verification-hold.suspended-domain.com', 'owner not verified'],
  ['suspended-domain.com', 'suspended by its registrar'],
  ['pendingrenewaldeletion.com', 'expired at Network Solutions'],
  ['renewyourname.net', 'expired at its registrar'],
]

/** Networks that serve parking pages and nothing else, as the start of the address. */
const PARKING_ADDRESSES: readonly [prefix: string, service: string][] = [
  ['103.224.182.', 'Above.com'],
  ['103.224.183.', 'Above.com'],
  ['103.224.212.', 'Above.com'],
  ['103.224.213.', 'Above.com'],
  ['185.53.176.', 'ParkingCrew'],
  ['185.53.177.', 'ParkingCrew'],
  ['185.53.178.', 'ParkingCrew'],
  ['185.53.179.', 'ParkingCrew'],
  ['199.59.240.', 'Bodis'],
  ['199.59.241.', 'Bodis'],
  ['199.59.242.', 'Bodis'],
  ['199.59.243.', 'Bodis'],
  ['64.190.62.', 'Sedo'],
  ['64.190.63.', 'Sedo'],
  ['91.195.240.', 'Sedo'],
  ['91.195.241.', 'Sedo'],
  ['204.11.56.', 'Confluence Networks'],
  ['204.11.57.', 'Confluence Networks'],
  ['208.91.196.', 'Confluence Networks'],
  ['208.91.197.', 'Confluence Networks'],
  ['209.99.64.', 'Confluence Networks'],
]

/** The sign of a parked, expired or suspended domain, as a sentence part; null without any. */
export function parkingSign(
  delegation: ResolversFinding['delegation'],
  said: readonly ServerSaid[],
): string | null {
  const last = delegation.at(-1)
  for (const { name } of last?.nameServers ?? []) {
    const held = HOLDING_NAME_SERVERS.find(([domain]) => isWithin(name, domain))
    if (held) return `its name server ${name} stands for "${held[1]}"`
    const parked = PARKING_NAME_SERVERS.find(([domain]) => isWithin(name, domain))
    if (parked) return `its name server ${name} belongs to ${parked[1]}`
  }
  for (const { addresses } of said) {
    for (const ip of addresses) {
      const parked = PARKING_ADDRESSES.find(([prefix]) => ip.startsWith(prefix))
      if (parked) return `its address ${ip} belongs to ${parked[1]}`
    }
  }
  return null
}
