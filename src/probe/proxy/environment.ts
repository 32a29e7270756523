// Proxy settings from the usual environment variables, with curl's rules. The variables are handed in.
import type { ProxySettings } from '../../model/check-options.ts'
import { parseProxyUrl } from './proxy-url.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The first of the variables that is set and not empty, as curl takes them. */
function first(env: Environment, names: readonly string[]): string | null {
  for (const name of names) {
    const value = env[name]?.trim()
    if (!value) continue
    parseProxyUrl(value, name)
    return value
  }
  return null
}

/**
 * `http_proxy` (lower case alone: in a CGI program HTTP_PROXY is a field that the client sent), `https_proxy`,
 * `all_proxy` and `no_proxy`, the last three in either case, lower case first. An empty variable counts as unset.
 * Throws WhydownError `usage` that names the variable when it holds no proxy.
 */
export function proxySettingsFromEnvironment(env: Environment): ProxySettings {
  const bypass = env['no_proxy'] || env['NO_PROXY'] || ''
  return {
    http: first(env, ['http_proxy', 'all_proxy', 'ALL_PROXY']),
    https: first(env, ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']),
    bypass: bypass.split(/[\s,]+/).filter((entry) => entry !== ''),
  }
}
