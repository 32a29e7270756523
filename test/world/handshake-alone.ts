// One handshake in a process of its own, for tests of what a process takes from its environment: prints the failure
// code (or null) of a handshake with localhost at the port that is the first argument.
import { once } from 'node:events'
import { connect } from 'node:net'
import { handshake } from '../../src/probe/steps/handshake.ts'
import { probeContext } from './probe-context.ts'

const port = Number(process.argv[2])
const socket = connect(port, '127.0.0.1')
await once(socket, 'connect')
const ctx = probeContext()
const shaken = await handshake(socket, { host: 'localhost', port, ip: '127.0.0.1' }, ctx, { alpn: null })
ctx.deadline.close()
shaken.socket?.destroy()
process.stdout.write(JSON.stringify(shaken.failure?.code ?? null))
