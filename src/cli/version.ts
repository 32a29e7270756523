// The version of this package, from its package.json.
import { readFileSync } from 'node:fs'

/** Where package.json may lie: beside `src/` in development, one level up from a bundle. */
const PLACES = ['../../package.json', '../package.json', './package.json']

/** Version of the package this file belongs to. */
export function packageVersion(): string {
  for (const place of PLACES) {
    try {
      const read = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as {
        name?: string
        version?: string
      }
      if (read.name === 'whydown' && read.version !== undefined) return read.version
    } catch {
      // Not there: the next place.
    }
  }
  return 'unknown'
}
