// `npm run picture`: draws docs/bad-gateway.svg for the README from a real check of a real nginx without its upstream.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startGateway } from '../test/lab/lab.ts'
import { terminalPicture } from './terminal-picture.ts'

const root = join(import.meta.dirname, '..')
const PORT = 8080

const gateway = await startGateway('nginx', { upstream: 'dead', port: PORT })
try {
  const url = `http://localhost:${PORT}/`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['src/cli/main.ts', url], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', FORCE_COLOR: '1', COLUMNS: '80' },
  })
  if (status !== 2) throw new Error(`the check ended with ${status}, not 2: ${stderr}`)
  // The picture is for one screen: what the looks found in detail and the bytes follow below it.
  const [screen = ''] = stdout.split(/\n[^\n]*What else we looked at/)
  writeFileSync(join(root, 'docs/bad-gateway.svg'), terminalPicture(`${screen}\n`, `npx whydown ${url}`))
} finally {
  await gateway.stop()
}
