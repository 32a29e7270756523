import { describe, expect, test } from 'vitest'
import { dnsContext } from '../../../test/world/dns-context.ts'
import { DEFAULT_OPTIONS } from '../../model/check-options.ts'
import type { ProbeContext } from '../context.ts'
import { systemIo } from '../io.ts'
import { Recorder } from '../recorder.ts'
import { resolve } from './resolve.ts'

/** A context whose files must not be touched. */
function untouched(): ProbeContext {
  const ctx = dnsContext()
  ctx.io.readText = (path) => {
    throw new Error(`read ${path}`)
  }
  return ctx
}

describe('resolve() of a literal', () => {
  const rows: { host: string; family: 4 | 6 }[] = [
    { host: '127.0.0.1', family: 4 },
    { host: '::1', family: 6 },
    { host: 'fe80::1%lo', family: 6 },
  ]
  for (const { host, family } of rows) {
    test(`gives ${host} back with one observation and no file read`, async () => {
      const ctx = untouched()
      const addresses = [{ ip: host, family, ttl: null, source: 'literal' }]
      expect(await resolve(host, 80, ctx)).toEqual({
        addresses,
        canonicalName: null,
        aliases: [],
        failure: null,
      })
      ctx.deadline.close()
      expect(ctx.recorder.observations).toMatchObject([
        {
          operation: 'resolve',
          input: { host, family: 0 },
          output: { source: 'literal', addresses },
          failure: null,
        },
      ])
    })
  }
})

test('resolve() opens its observation before those of the questions and closes it after them', async () => {
  const ended: string[] = []
  const ctx = dnsContext({
    files: { '/etc/hosts': '127.0.0.1 www.example.test' },
    progress: (observation, open) => {
      if (!open) ended.push(observation.operation)
    },
  })
  await resolve('www.example.test', 80, ctx)
  ctx.deadline.close()
  expect(ctx.recorder.observations.map(({ operation }) => operation)).toEqual(['resolve', 'hosts_file'])
  expect(ended).toEqual(['hosts_file', 'resolve'])
})

test('resolve() finds localhost with the real files of this machine', async () => {
  const ctx = { ...dnsContext(), io: systemIo, options: DEFAULT_OPTIONS, recorder: new Recorder(systemIo) }
  const { addresses, failure } = await resolve('localhost', 80, ctx)
  ctx.deadline.close()
  expect(failure).toBe(null)
  expect(addresses.map(({ ip }) => ip)).toContain('127.0.0.1')
})
