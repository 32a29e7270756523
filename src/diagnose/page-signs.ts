// Signs in a page that a good status hides: an application that died in the middle of it, and a portal's login. Strict
// on purpose: a page that only writes about such errors must not show them.

/** An error page of an application is short and says little besides; a page with more to say writes about errors. */
const SHORT_CHARACTERS = 4096
const VISIBLE_CHARACTERS = 160
/** What a program prints as it dies stands this close to the end of what came. */
const END_CHARACTERS = 2500

/** Titles and headings of error pages that programs send with a good status. */
const ERROR_HEADINGS =
  /<(?:title|h1)>\s{0,9}(?:error establishing a database connection|database error|internal server error|server error in |application error|whoops, looks like something went wrong|fatal error|an error occurred|503 |502 |500 )/i

/** What runtimes print into the page as they die. */
const DYING = [
  '<b>Fatal error</b>:',
  '<b>Parse error</b>:',
  'PHP Fatal error:',
  'Fatal error: Uncaught',
  'Traceback (most recent call last):',
  'java.lang.OutOfMemoryError',
  'Maximum execution time of',
  'Allowed memory size of',
]

const PORTAL_URL =
  /(?:[?&](?:orig|origurl|original_url|userurl|continueurl|redirurl|res=notyet|challenge=)[=&]?|\/(?:hotspot|captive|guest|wlan|wifi)[-_/]?(?:portal|login)?|\bnetworkcheck\b)/i
const PORTAL_WORDS =
  /(?:accept|agree)[^<]{0,60}(?:terms|conditions)[^<]{0,60}(?:internet|wi-?fi|network) |(?:hotel|guest|free|public) wi-?fi|captive portal|internet access|hotspot login/i

/** The text between the tags of the body, white space folded. */
function visibleText(page: string): string {
  const body = page.slice(Math.max(0, page.search(/<body\b/i)))
  return body
    .replace(/<(script|style)\b[^<>]*>[^<]*<\/\1>/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** The end of the error that an application wrote into this page; null when there is none. */
export function applicationErrorIn(page: string): string | null {
  const heading = page.length <= SHORT_CHARACTERS ? ERROR_HEADINGS.exec(page) : null
  if (heading && visibleText(page).length <= VISIBLE_CHARACTERS)
    return heading[0].replace(/^<[a-z0-9]+>\s*/i, '')
  const end = page.slice(-END_CHARACTERS)
  // A page that goes on to its proper end has only quoted the error.
  if (/<\/html>\s*$/i.test(end.slice(-64))) return null
  return DYING.find((sign) => end.includes(sign))?.replace(/<[^>]+>/g, '') ?? null
}

/** The page is a network's login, shown at another host than the one asked for. */
export function isPortalPage(page: string, url: string): boolean {
  const text = page.slice(0, 16 * 1024)
  return (
    PORTAL_WORDS.test(text) &&
    /<form\b/i.test(text) &&
    (PORTAL_URL.test(url) || /captive|hotspot/i.test(text))
  )
}
