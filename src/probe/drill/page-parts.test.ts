import { describe, expect, test } from 'vitest'
import { pageTitle, staticFileOf } from './page-parts.ts'

const BASE = new URL('https://shop.test/')

test.each<[page: string, title: string | null]>([
  ['<html><head><TITLE lang=en>\n Bad \t gateway </TITLE>', 'Bad gateway'],
  ['<title></title>', null],
  ['<title>never closed', null],
  ['no page', null],
  [`<title>${'x'.repeat(900)}</title>`, 'x'.repeat(200)],
])('pageTitle(%j)', (page, title) => {
  expect(pageTitle(page)).toBe(title)
})

describe('staticFileOf()', () => {
  test.each<[page: string, file: string | null]>([
    ['<link rel="stylesheet" href="/main.css?v=1&amp;w=2">', 'https://shop.test/main.css?v=1&w=2'],
    ["<script defer src='app.js'></script>", 'https://shop.test/app.js'],
    ['<IMG alt=x SRC=/logo.PNG>', 'https://shop.test/logo.PNG'],
    ['<link rel=canonical href="/"><link href = "/a.css#x">', 'https://shop.test/a.css'],
    ['<script data-src="/no.js"></script>', null],
    ['<script src="https://cdn.test/app.js"></script>', null],
    ['<script src="//evil.test/app.js"></script>', null],
    ['<script src="javascript:alert(1).js"></script>', null],
    ['<a href="/file.css">', null],
    ['<link href="', null],
    ['', null],
  ])('%s', (page, file) => {
    expect(staticFileOf(page, BASE)?.href ?? null).toBe(file)
  })

  test.each(['<link href=', '<link ', '<script src="', '<img src=a ', 'href href='])(
    '%s again and again ends soon',
    (part) => {
      const page = part.repeat(60_000)
      expect(staticFileOf(page, BASE)).toBe(null)
      expect(pageTitle(page)).toBe(null)
    },
  )
})
