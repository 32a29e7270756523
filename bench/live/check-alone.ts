// A program: one check, told as JSON in its argument, its result as JSON on standard output. For worlds that need a
// process with limits or a network of its own. It can open files until none are left, and serve reference sites.
import { openSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { check } from '../../src/engine/check.ts'
import { type LiveOptions, liveOptions } from './options.ts'

/** What this program is told. */
export interface AloneOrder {
  url: string
  options: LiveOptions
  exhaust?: boolean
  /** Addresses of this machine at which a site that works is served, port 8080. */
  serve?: string[]
}

const order = JSON.parse(process.argv[2] ?? '{}') as AloneOrder
for (const ip of order.serve ?? []) {
  const server = createServer((_request, response) => void response.end('fine')).listen(8080, ip)
  await once(server, 'listening')
  server.unref()
}
if (order.exhaust) {
  try {
    for (;;) openSync('/dev/null', 'r')
  } catch {
    // Now there are none.
  }
}
process.stdout.write(JSON.stringify(await check(order.url, liveOptions(order.options))))
