// The only file that reads environment variables. Everybody else is handed what it needs.

type Environment = Record<string, string | undefined>

/** The environment as it is, for those who take it as an argument (proxy settings). */
export function environment(): Environment {
  return process.env
}

/** Stack traces of our own bugs are wanted. */
export function debugWanted(): boolean {
  return (process.env['WHYDOWN_DEBUG'] ?? '') !== ''
}

/** What the environment says about colour: NO_COLOR (no-color.org), then FORCE_COLOR, then the terminal. */
export function colourFromEnvironment(isTerminal: boolean, env: Environment = process.env): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false
  const force = env['FORCE_COLOR']
  if (force !== undefined) return force !== '0' && force !== 'false'
  return isTerminal && env['TERM'] !== 'dumb'
}

/** A terminal that can redraw a line. */
export function canRedraw(env: Environment = process.env): boolean {
  return env['TERM'] !== 'dumb'
}

/** The locale asks for plain ASCII: only when it says C or POSIX in so many words, because unset says nothing. */
export function asciiFromEnvironment(env: Environment = process.env): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG']
  return locale === 'C' || locale === 'POSIX'
}

/** Columns the user's shell exports, null when it does not. */
export function columnsFromEnvironment(env: Environment = process.env): number | null {
  const columns = Number(env['COLUMNS'])
  return Number.isInteger(columns) && columns > 0 ? columns : null
}
