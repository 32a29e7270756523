// Default time-outs of gateways, load balancers and platforms: an error that comes after just so long is the mark of
// one. A table and its look-up; many defaults are alike, so a match is a hint and never names a product alone.

export interface DefaultTimeout {
  seconds: number
  setting: string
  product: string
}

/** By length. Each from the product's own documentation or source of defaults. */
export const DEFAULT_TIMEOUTS: readonly DefaultTimeout[] = [
  { seconds: 1, setting: 'connect timeout', product: 'Fastly' },
  { seconds: 3.5, setting: 'connect_timeout', product: 'Varnish' },
  { seconds: 4, setting: 'proxy connect timeout', product: 'H2O' },
  { seconds: 5, setting: 'connect_timeout of a cluster', product: 'Envoy' },
  { seconds: 10, setting: 'target connect timeout', product: 'AWS Application Load Balancer' },
  { seconds: 10, setting: 'between bytes timeout', product: 'Fastly' },
  { seconds: 10, setting: 'function time limit', product: 'Netlify, Vercel' },
  { seconds: 15, setting: 'route timeout', product: 'Envoy' },
  { seconds: 15, setting: 'first byte timeout', product: 'Fastly' },
  { seconds: 15, setting: 'connecting to the origin (522)', product: 'Cloudflare' },
  { seconds: 20, setting: 'backend request timeout', product: 'Azure Application Gateway' },
  { seconds: 29, setting: 'integration timeout', product: 'Amazon API Gateway' },
  { seconds: 30, setting: 'router timeout (H12)', product: 'Heroku' },
  { seconds: 30, setting: 'origin response timeout', product: 'Amazon CloudFront' },
  { seconds: 30, setting: 'backend service timeout', product: 'Google Cloud Load Balancing' },
  { seconds: 30, setting: 'proxy timeout', product: 'Microsoft ARR' },
  { seconds: 30, setting: 'origin response timeout', product: 'Azure Front Door' },
  { seconds: 30, setting: 'dialTimeout', product: 'Traefik' },
  { seconds: 30, setting: 'worker timeout', product: 'Gunicorn' },
  { seconds: 30, setting: 'proxy io timeout', product: 'H2O' },
  { seconds: 30, setting: 'timeout server, as most configurations have it', product: 'HAProxy' },
  { seconds: 50, setting: 'timeout server, as the packaged configuration has it', product: 'HAProxy' },
  { seconds: 60, setting: 'proxy_read_timeout, proxy_connect_timeout', product: 'nginx' },
  { seconds: 60, setting: 'Timeout, ProxyTimeout', product: 'Apache httpd' },
  { seconds: 60, setting: 'idle timeout', product: 'AWS Application Load Balancer' },
  { seconds: 60, setting: 'idle timeout', product: 'AWS Classic Load Balancer' },
  { seconds: 60, setting: 'first_byte_timeout', product: 'Varnish' },
  { seconds: 60, setting: 'read_timeout of a service', product: 'Kong' },
  { seconds: 60, setting: 'connect_timeout', product: 'Squid' },
  { seconds: 100, setting: 'waiting for the origin (524)', product: 'Cloudflare' },
  { seconds: 120, setting: 'waiting for the origin (524)', product: 'Cloudflare' },
  { seconds: 120, setting: 'read timeout', product: 'Akamai' },
  { seconds: 120, setting: 'proxy timeout', product: 'Microsoft ARR' },
  { seconds: 230, setting: 'load balancer idle timeout', product: 'Azure App Service' },
  { seconds: 240, setting: 'idle timeout', product: 'Azure Load Balancer' },
  { seconds: 300, setting: 'Timeout of older versions', product: 'Apache httpd' },
  { seconds: 300, setting: 'request timeout', product: 'Google Cloud Run' },
  { seconds: 300, setting: 'stream idle timeout', product: 'Envoy' },
  { seconds: 350, setting: 'idle timeout', product: 'AWS Network Load Balancer' },
  { seconds: 900, setting: 'read_timeout', product: 'Squid' },
]

/** Timers fire late, never early; but the peer's begin a little before we begin to wait. */
const EARLY_MS = 60
const LATE_MS = 250
const LATE_SHARE = 0.005
/** Round trips between the timer and our first byte. */
const ROUND_TRIPS = 3

/** True when `ms` is what a timer of `seconds` would give, over a network of this round trip (null: not known). */
export function isAsLong(ms: number, seconds: number, roundTripMs: number | null): boolean {
  const late = LATE_MS + seconds * 1_000 * LATE_SHARE + ROUND_TRIPS * (roundTripMs ?? 0)
  const over = ms - seconds * 1_000
  return over >= -EARLY_MS && over <= late
}

/** The default time-outs that are as long as `ms`, shortest first. */
export function timeoutsAsLongAs(ms: number, roundTripMs: number | null): DefaultTimeout[] {
  return DEFAULT_TIMEOUTS.filter(({ seconds }) => isAsLong(ms, seconds, roundTripMs))
}
