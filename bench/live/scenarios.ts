// All live chains, in the order of the table.
import type { Scenario } from './scenario.ts'
import { ADDRESS_SCENARIOS } from './scenarios/addresses.ts'
import { CERTIFICATE_SCENARIOS } from './scenarios/certificates.ts'
import { CHAIN_SCENARIOS } from './scenarios/chains.ts'
import { CONTENT_SCENARIOS } from './scenarios/contents.ts'
import { DIRECT_SCENARIOS } from './scenarios/direct.ts'
import { GATEWAY_SCENARIOS } from './scenarios/gateways.ts'
import { HEALTHY_SCENARIOS } from './scenarios/healthy.ts'
import { NAME_SCENARIOS } from './scenarios/names.ts'
import { OURSELVES_SCENARIOS } from './scenarios/ourselves.ts'
import { POOL_SCENARIOS } from './scenarios/pools.ts'
import { PROXY_SCENARIOS } from './scenarios/proxies.ts'

export const BROKEN: readonly Scenario[] = [
  ...DIRECT_SCENARIOS,
  ...NAME_SCENARIOS,
  ...CERTIFICATE_SCENARIOS,
  ...PROXY_SCENARIOS,
  ...ADDRESS_SCENARIOS,
  ...GATEWAY_SCENARIOS,
  ...CHAIN_SCENARIOS,
  ...POOL_SCENARIOS,
  ...CONTENT_SCENARIOS,
  ...OURSELVES_SCENARIOS,
]

/** Nothing is wrong with any of these. */
export const HEALTHY: readonly Scenario[] = HEALTHY_SCENARIOS
