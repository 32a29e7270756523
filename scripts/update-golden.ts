// Renews the golden reports in test/golden: every format of every recorded result. With --record (and names, or all)
// the results are recorded anew from real checks first. Look at the difference before it is committed.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { GOLDEN_FORMATS, renderGolden } from '../test/golden/formats.ts'
import type { CheckResult } from '../src/model/result.ts'

const FOLDER = new URL('../test/golden/', import.meta.url)

const [mode, ...names] = process.argv.slice(2)
if (mode !== undefined && mode !== '--record') {
  process.stderr.write('usage: node scripts/update-golden.ts [--record [name...]]\n')
  process.exit(2)
}

if (mode === '--record') {
  const { WORLDS } = await import('../test/golden/worlds.ts')
  for (const [name, world] of Object.entries(WORLDS)) {
    if (names.length > 0 && !names.includes(name)) continue
    const result = await world()
    writeFileSync(new URL(`${name}.json`, FOLDER), `${JSON.stringify(result, null, 1)}\n`)
    process.stdout.write(`${name}: ${result.outcome} ${result.failure?.code ?? ''}\n`)
  }
  spawnSync('npx', ['biome', 'format', '--write', FOLDER.pathname], { stdio: 'ignore' })
}

for (const file of readdirSync(FOLDER)) {
  if (!file.endsWith('.json')) continue
  const result = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as CheckResult
  for (const format of GOLDEN_FORMATS) {
    const target = new URL(`${file.slice(0, -'.json'.length)}${format.suffix}`, FOLDER)
    writeFileSync(target, renderGolden(result, format))
  }
}
