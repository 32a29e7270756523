import { expect, test } from 'vitest'
import { proxySettingsFromEnvironment } from './environment.ts'

test.each([
  ['nothing', {}, { http: null, https: null, bypass: [] }],
  ['lower case', { http_proxy: 'a:1', https_proxy: 'b:2' }, { http: 'a:1', https: 'b:2', bypass: [] }],
  [
    'HTTP_PROXY in upper case is not believed',
    { HTTP_PROXY: 'evil:1' },
    { http: null, https: null, bypass: [] },
  ],
  ['HTTPS_PROXY in upper case is', { HTTPS_PROXY: 'b:2' }, { http: null, https: 'b:2', bypass: [] }],
  ['lower case first', { https_proxy: 'b:2', HTTPS_PROXY: 'c:3' }, { http: null, https: 'b:2', bypass: [] }],
  ['all', { all_proxy: 'socks5://a' }, { http: 'socks5://a', https: 'socks5://a', bypass: [] }],
  ['ALL in upper case', { ALL_PROXY: 'a:1', http_proxy: 'b:2' }, { http: 'b:2', https: 'a:1', bypass: [] }],
  ['empty counts as unset', { http_proxy: '', all_proxy: 'a:1' }, { http: 'a:1', https: 'a:1', bypass: [] }],
  [
    'the list',
    { no_proxy: ' a.test, .b.test  c.test,,' },
    { http: null, https: null, bypass: ['a.test', '.b.test', 'c.test'] },
  ],
  ['the list in upper case', { NO_PROXY: '*' }, { http: null, https: null, bypass: ['*'] }],
])('proxySettingsFromEnvironment() %s', (_, env, expected) => {
  expect(proxySettingsFromEnvironment(env)).toEqual(expected)
})

test('proxySettingsFromEnvironment() names the variable that holds no proxy', () => {
  expect(() => proxySettingsFromEnvironment({ ALL_PROXY: 'socks4://a' })).toThrow(/^ALL_PROXY: /)
})
