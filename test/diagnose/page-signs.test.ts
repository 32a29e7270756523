// Signs of dying programs and of portals, and pages that only write about them.
import { describe, expect, test } from 'vitest'
import { applicationErrorIn, isPortalPage } from '../../src/diagnose/page-signs.ts'

const article = '<p>A long text about what this error means and how to mend it. </p>'.repeat(10)

describe('applicationErrorIn()', () => {
  test.each([
    [
      'WordPress',
      '<html><head><title>Database Error</title></head><body><h1>Error establishing a database connection</h1></body></html>',
    ],
    ['PHP', `<html><body>${'x'.repeat(9000)}<br />\n<b>Fatal error</b>:  Uncaught Error in /var/www/x.php`],
    ['Python', 'Traceback (most recent call last):\n  File "app.py", line 3'],
  ])('sees %s die', (_name, page) => {
    expect(applicationErrorIn(page)).not.toBeNull()
  })

  test.each([
    [
      'an article on the error of WordPress',
      `<html><title>Error establishing a database connection</title><body>${article}</body></html>`,
    ],
    [
      'an article that quotes PHP and ends well',
      `<html><body>${article}<pre><b>Fatal error</b>: Uncaught</pre></body></html>`,
    ],
    ['a plain page', '<html><title>Shop</title><body>Welcome</body></html>'],
    ['nothing', ''],
  ])('leaves %s alone', (_name, page) => {
    expect(applicationErrorIn(page)).toBeNull()
  })

  test('takes hostile pages in linear time', () => {
    for (const page of [
      '<'.repeat(4096),
      '<script>'.repeat(512),
      `<title>500 ${'<'.repeat(4000)}`,
      '<h1>'.repeat(16_000),
    ]) {
      const before = process.cpuUsage().user
      for (let round = 0; round < 20; round++) applicationErrorIn(page)
      // Quadratic work would be seconds; this bound is for that and not for speed.
      expect(process.cpuUsage().user - before).toBeLessThan(1_000_000)
    }
  })
})

describe('isPortalPage()', () => {
  test('knows a login for Internet access', () => {
    const page =
      '<title>Hotel WiFi Login</title><form action="/login"><p>Accept the terms to get internet access</p></form>'
    expect(isPortalPage(page, 'http://login.hotspot.test/login?orig=http://www.shop.test/')).toBe(true)
  })

  test('leaves the login of a shop alone', () => {
    const page = '<form action="/login"><input name="user"><input type="password"></form>'
    expect(isPortalPage(page, 'https://login.shop.test/login')).toBe(false)
  })
})
