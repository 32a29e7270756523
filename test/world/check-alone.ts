// A program: one check of the URL given, its result as JSON. For tests that need a process with limits or a network
// of its own. `--exhaust` opens files until none are left.
import { openSync } from 'node:fs'
import { check } from '../../src/engine/check.ts'

const [url = '', exhaust] = process.argv.slice(2)

if (exhaust === '--exhaust') {
  try {
    for (;;) openSync('/dev/null', 'r')
  } catch {
    // Now there are none.
  }
}

process.stdout.write(JSON.stringify(await check(url)))
