#!/usr/bin/env node
// The command in a checkout. Plain JavaScript, because the compile cache must be on before the first TypeScript file
// is loaded: the cache holds files with their types stripped already, and the stripper costs 45 ms of CPU to start.
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./main.ts')
