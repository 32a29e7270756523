// Who to write to about an address or a site, as registries and the site itself publish it. Knows no registry.

/** Roles of RDAP entities that can do something about a fault, best first. */
export const CONTACT_ROLES = ['abuse', 'technical', 'noc', 'administrative'] as const

export type ContactRole = (typeof CONTACT_ROLES)[number]

/** Somebody a registry names for a network. */
export interface ContactPerson {
  role: ContactRole
  name: string | null
  emails: string[]
  phones: string[]
}

/** The network an address belongs to, as its registry tells it. */
export interface ContactNetwork {
  name: string | null
  handle: string | null
  /** First and last address. */
  from: string | null
  to: string | null
  country: string | null
  /** Who holds it. */
  holder: string | null
  /** Where this was read. */
  source: string
}

/** The site's security.txt (RFC 9116): for vulnerabilities, so a last resort for anything else. */
export interface SecurityContact {
  contacts: string[]
  /** RFC 3339; null when it says nothing that can be read. */
  expires: string | null
  expired: boolean
  source: string
}

export interface ContactFacts {
  /** The address that was looked up; null when none is known. */
  ip: string | null
  network: ContactNetwork | null
  /** Best first. */
  people: ContactPerson[]
  security: SecurityContact | null
  /** What could not be found and why, one sentence each. */
  missing: string[]
  /** Ids of the observations. */
  observations: string[]
}
