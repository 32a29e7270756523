// A program: one connect to the addresses given, port 9, and what came of it as JSON. For tests that need a process
// with limits or a network of its own. `--exhaust` opens files until none are left.
import { openSync } from 'node:fs'
import { connect } from '../../src/probe/steps/connect.ts'
import { dialContext } from './dial-context.ts'

const ips = process.argv.slice(2).filter((argument) => argument !== '--exhaust')

function exhaust(): void {
  try {
    for (;;) openSync('/dev/null', 'r')
  } catch {
    // Now there are none.
  }
}

const ctx = dialContext()
const addresses = ips.map((ip) => ({ ip, family: ip.includes(':') ? (6 as const) : (4 as const) }))
if (ips.length < process.argv.length - 2) exhaust()
const { failure, ours } = await connect({ host: 'a.test', port: 9, addresses }, ctx)
ctx.deadline.close()
process.stdout.write(JSON.stringify({ failure, ours, observations: ctx.recorder.observations }))
