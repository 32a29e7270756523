import { expect, test } from 'vitest'
import { fakeClock } from '../../../test/fake-clock.ts'
import { dnsContext, observed } from '../../../test/world/dns-context.ts'
import { a, answer, type DnsScript, startDnsServer } from '../../../test/world/dns-server.ts'
import { WhydownError } from '../../model/error.ts'
import { queryServer, type ServerQuestion } from './query-server.ts'

async function ask(script: DnsScript, question: ServerQuestion) {
  const server = await startDnsServer(script)
  const ctx = dnsContext()
  try {
    const reply = await queryServer(server, question, ctx)
    return { reply, ctx, queries: server.queries }
  } finally {
    ctx.deadline.close()
    await server.close()
  }
}

const REFERRAL: DnsScript = (query) => ({
  send: answer(query, {
    recursionAvailable: false,
    authorities: [{ name: 'test', type: 'NS', ttl: 60, data: 'ns.test' }],
    additionals: [a('127.0.0.53', 'ns.test')],
  }),
})

test('queryServer() takes a referral for an answer when it asks without recursion', async () => {
  const { reply, queries } = await ask(REFERRAL, { name: 'www.test', type: 'A', recursionDesired: false })
  expect(queries[0]?.recursionDesired).toBe(false)
  expect(reply.failure).toBe(null)
  expect(reply.message?.authorities).toMatchObject([{ type: 'NS', data: 'ns.test' }])
  expect(reply.message?.additionals).toMatchObject([{ type: 'A', data: '127.0.0.53' }])
  expect(reply.observation.output).toMatchObject({ authorities: [{ type: 'NS' }] })
})

test('queryServer() asks for any type', async () => {
  const script: DnsScript = (query) => ({
    send: answer(query, { answers: [{ name: query.name, type: 'TXT', ttl: 5, data: ['hello world'] }] }),
  })
  const { reply } = await ask(script, { name: 'www.test', type: 'TXT' })
  expect(reply.message?.answers).toMatchObject([{ type: 'TXT', data: ['hello world'] }])
  expect(reply.observation).toMatchObject({ operation: 'dns_query', failure: null })
})

test('queryServer() sends the DO bit, no EDNS, or TCP when told to', async () => {
  const script: DnsScript = (query) => ({ send: answer(query) })
  const secure = await ask(script, { name: 'www.test', type: 'A', dnssecOk: true })
  expect(secure.queries[0]?.bytes.subarray(-4).toString('hex')).toBe('80000000')
  const plain = await ask(script, { name: 'www.test', type: 'A', edns: false, transport: 'tcp' })
  expect(plain.queries[0]).toMatchObject({ edns: false, transport: 'tcp' })
  expect(plain.reply.transport).toBe('tcp')
})

test('queryServer() keeps message and failure of a failing RCODE', async () => {
  const script: DnsScript = (query) => ({ send: answer(query, { rcode: 'SERVFAIL' }) })
  const { reply, ctx } = await ask(script, { name: 'www.test', type: 'A' })
  expect(reply.message?.rcodeName).toBe('SERVFAIL')
  expect(reply.failure).toMatchObject({ code: 'dns_server_failure', phase: 'resolve', number: '001' })
  expect(observed(ctx, 'dns_query')[0]?.failure).toBe(reply.failure)
})

test('queryServer() notes a malformed record of another section and answers nevertheless', async () => {
  const script: DnsScript = (query) => {
    const bytes = answer(query, { answers: [a('127.0.0.1', query.name)], additionals: [a('127.0.0.2', 'x')] })
    bytes.writeUInt16BE(28, bytes.length - 14)
    return { send: bytes }
  }
  const { reply } = await ask(script, { name: 'www.test', type: 'A' })
  expect(reply.failure).toBe(null)
  expect(reply.observation.notes?.join()).toMatch(/AAAA record is malformed/)
})

test('queryServer() throws for a name that cannot be asked for, before anything is observed', async () => {
  const ctx = dnsContext()
  const asked = queryServer({ ip: '127.0.0.1', port: 1 }, { name: 'a..b', type: 'A' }, ctx)
  await expect(asked).rejects.toThrow(WhydownError)
  ctx.deadline.close()
  expect(ctx.recorder.observations).toHaveLength(0)
})

test('queryServer() does not wait when the time is already over', async () => {
  const clock = fakeClock()
  const ctx = dnsContext({ clock, totalMs: 10 })
  clock.advance(10)
  for (const transport of ['udp', 'tcp'] as const) {
    const reply = await queryServer(
      { ip: '127.0.0.1', port: 1 },
      { name: 'a.test', type: 'A', transport },
      ctx,
    )
    expect(reply.failure?.code).toBe('dns_timed_out')
  }
  expect(clock.pending()).toBe(0)
})
