// TLS to an https:// proxy itself, before anything is said to it. The site's own TLS comes later, inside.
import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as tlsConnect, type TLSSocket } from 'node:tls'
import { type Failure, failure } from '../../model/failure.ts'
import type { Deadline, StopReason } from '../../util/deadline.ts'
import type { ProbeContext } from '../context.ts'
import { socketFailure, stopFailure } from '../socket-failure.ts'
import { trustFor } from '../tls/trust.ts'
import type { ProxyTarget } from './proxy-url.ts'

export type ProxySecured = { socket: TLSSocket; failure: null } | { socket: null; failure: Failure }

/**
 * Shakes hands with the proxy and verifies it as `options.tls` wants a site verified. What fails is
 * `proxy_refused`: nothing reached the proxy, so nothing is known of the site.
 */
export function secureProxy(
  socket: Socket,
  proxy: ProxyTarget,
  ctx: ProbeContext,
  deadline: Deadline,
): Promise<ProxySecured> {
  const { recorder, options } = ctx
  const serverName = isIP(proxy.host) === 0 ? proxy.host : null
  const observation = recorder.begin('tls_handshake', { proxy: proxy.shown, serverName })
  const tlsOptions: ConnectionOptions = {
    socket,
    host: proxy.host,
    rejectUnauthorized: options.tls.verify,
    ALPNProtocols: ['http/1.1'],
    // The client certificate is for the site alone.
    secureContext: trustFor({ ...options.tls, certificate: null, key: null, passphrase: null }).context,
  }
  if (serverName) tlsOptions.servername = serverName
  return new Promise((resolve) => {
    const secured = tlsConnect(tlsOptions)
    const settle = (): void => {
      deadline.unlisten(onStop)
      secured.removeListener('secureConnect', onSecure)
      secured.removeListener('error', onError)
      secured.removeListener('close', onClose)
    }
    const fail = (seen: Failure): void => {
      settle()
      secured.on('error', ignore)
      socket.on('error', ignore)
      secured.destroy()
      socket.destroy()
      recorder.fail(observation, seen)
      resolve({ socket: null, failure: seen })
    }
    const onSecure = (): void => {
      settle()
      recorder.end(observation, {
        version: secured.getProtocol(),
        cipher: secured.getCipher().name,
        verified: secured.authorized,
        problem: secured.authorized ? null : String(secured.authorizationError),
      })
      resolve({ socket: secured, failure: null })
    }
    const onError = (error: NodeJS.ErrnoException): void => {
      const seen = socketFailure(error, 'connect')
      fail(
        seen.code === 'local_limit'
          ? seen
          : refusal(error.code ? `${error.code}: ${error.message}` : error.message),
      )
    }
    const onClose = (): void => fail(refusal('the connection was closed'))
    const onStop = (reason: StopReason): void => {
      const openMs = recorder.nowMs() - observation.startMs
      if (reason === 'timed_out') fail(refusal(`no result after ${Math.round(openMs)} ms`))
      else fail(stopFailure(reason, 'connect', openMs))
    }
    secured.on('secureConnect', onSecure)
    secured.on('error', onError)
    secured.on('close', onClose)
    deadline.listen(onStop)
  })
}

function refusal(raw: string): Failure {
  return failure('proxy_refused', `TLS with the proxy failed: ${raw}`)
}

function ignore(): void {}
