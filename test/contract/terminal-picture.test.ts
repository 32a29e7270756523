// The README's picture: every character of the output in its column, colours kept, nothing that breaks the SVG.
import { expect, test } from 'vitest'
import { terminalPicture } from '../../scripts/terminal-picture.ts'

const ESC = '\x1b['

test('terminalPicture() keeps text, columns and colours', () => {
  const svg = terminalPicture(`${ESC}1;31m✖ down${ESC}0m  502 ${ESC}2mBad${ESC}22m Gateway\n`, 'whydown URL')
  expect(svg).toContain('fill="#ff7b72" font-weight="bold">✖ down</text>')
  expect(svg).toContain('opacity="0.65">Bad</text>')
  expect(svg).toContain('>Gateway</text>')
  expect(svg).toContain('<title>whydown URL</title>')
  // "502" starts in column 8, at 8.43 pixels each, behind a margin of 16; the output begins below the prompt.
  expect(svg).toMatch(/<text x="83\.4" y="68" [^>]*>502</)
})

test('terminalPicture() escapes markup and drops sequences that are no colours', () => {
  const svg = terminalPicture(`${ESC}2K<script>&"\n`, 'a & b')
  expect(svg).toContain('&lt;script&gt;&amp;&quot;</text>')
  expect(svg).not.toContain('<script>')
  expect(svg).not.toContain('\x1b')
})

test('terminalPicture() widens for long lines', () => {
  const wide = terminalPicture('x'.repeat(100), 'c')
  expect(wide).toContain('width="875"')
  expect(terminalPicture('x', 'c')).toContain('width="707"')
})
