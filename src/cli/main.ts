#!/usr/bin/env node
// The command line: knows the commands and how mistakes end. Everything heavy is loaded by the command that runs.
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { run } = await import('./program.ts')
await run(process.argv.slice(2))
