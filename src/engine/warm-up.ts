// Makes the first check of a young process as honest as the thousandth: code that runs for the first time is
// compiled while the clock runs, and that would stand in the phases as the network's time.
import { createServer } from 'node:net'
import type { TlsOptions } from '../model/check-options.ts'
import { systemIo } from '../probe/io.ts'
import { prepareTls } from '../probe/steps/handshake.ts'
import { check } from './check.ts'

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Two rounds: the first compiles what a check needs, the second what its end leaves behind. */
const ROUNDS = 2

/** It takes some milliseconds; when it takes this long, something is wrong and the check shall say so itself. */
const LIMIT_MS = 500

/**
 * Checks a listener of our own on loopback and throws the result away. For programs that check once and end; never
 * fails, because a machine without loopback only loses some milliseconds of honesty. With `tls` it also reads the
 * trusted roots, and throws `WhydownError` for certificates and keys that cannot be used.
 */
export async function warmUp(tls: TlsOptions | null): Promise<void> {
  if (tls) prepareTls(tls)
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => socket.end(ANSWER))
  })
  try {
    const port = await new Promise<number | null>((resolve) => {
      server.once('error', () => resolve(null))
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' ? (address?.port ?? null) : null)
      })
    })
    if (port === null) return
    const limits = {
      headBytes: 1024,
      bodyBytes: 64,
      keptBytes: 1024,
      decodedBytes: 64,
      redirects: 0,
      addresses: 1,
    }
    for (let round = 0; round < ROUNDS; round++) {
      await check(`http://127.0.0.1:${port}/`, { limits: { ...limits, totalMs: LIMIT_MS } }, systemIo)
    }
  } finally {
    server.close()
  }
}
