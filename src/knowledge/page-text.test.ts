import { describe, expect, test } from 'vitest'
import { isMarkup, pageText } from './page-text.ts'

describe('pageText()', () => {
  test.each([
    [
      '<html><title>502 Bad Gateway</title><body><h1>502 Bad Gateway</h1>',
      '502 Bad Gateway\n502 Bad Gateway',
    ],
    ['a<script>var error = 502 < 3</script>b', 'a\nb'],
    ['a<style>p{}</style >b<!-- hidden -->c', 'a\nbc'],
    ['That&rsquo;s an error &amp; &#53;&#x30;2 &lt;b&gt; &unknown;', "That's an error & 502 <b> &unknown;"],
    ['Access <b>Den</b>ied', 'Access Denied'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['<p>open <a href="x', 'open'],
    ['<script>never closed', ''],
    ['&#0;&#xD800;&#x110000;x', 'x'],
  ])('reads %j', (page, text) => {
    expect(pageText(page)).toBe(text)
  })

  test('stays linear on hostile markup', () => {
    const hostile = [
      '<!--'.repeat(50_000),
      '<script'.repeat(50_000),
      '<'.repeat(200_000),
      '&#'.repeat(100_000),
    ]
    for (const page of hostile) expect(pageText(page).length).toBeLessThanOrEqual(page.length)
  })
})

describe('isMarkup()', () => {
  test.each(['<!DOCTYPE html>', '\n<html lang="de">', '<HEAD>', 'text <h1>Error</h1>'])(
    'takes %j',
    (text) => {
      expect(isMarkup(text)).toBe(true)
    },
  )
  test.each(['a < b', '<stdin>: error', 'List<String>', '<unknown>'])('leaves %j', (text) => {
    expect(isMarkup(text)).toBe(false)
  })
})
