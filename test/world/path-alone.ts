// A program: a check of the URL given and the look at the way to it, as JSON. For networks that a test has made:
// with SERVER (a process id) in the environment it first starts a server in that process's network.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from '../../src/probe/steps/drill/path.ts'
import { DEFAULT_LIMITS } from '../../src/model/check-options.ts'
import { runLook } from './drill-look.ts'

/** Answers with more than fits into two packets, or never. */
const SERVERS: Record<string, string> = {
  large: `(socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\\r\\nContent-Length: 6000\\r\\n\\r\\n' + 'x'.repeat(6000)))
  }`,
  mute: `(socket) => socket.on('error', () => {})`,
}

const [url = '', kind = ''] = process.argv.slice(2)
const { SERVER } = process.env
/** nsenter(1) with what it is to run. */
const ENTER = ['nsenter', '-t', String(SERVER), '-n', process.execPath, '-e'] as const
const handler = SERVERS[kind]
if (handler && SERVER) {
  const code = `require('node:net').createServer(${handler}).listen(80, () => console.log('ready'))`
  const server = spawn(ENTER[0], [...ENTER.slice(1), code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  server.unref()
  await once(server.stdout, 'data')
}

const { result, looked } = await runLook(path, url, {
  options: {
    connectMs: 300,
    limits: { ...DEFAULT_LIMITS, totalMs: 700 },
  },
})
process.stdout.write(JSON.stringify({ failure: result.failure, looked }), () => process.exit(0))
