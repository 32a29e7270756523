// Measures the diagnosis of single answers on the packed captures and writes docs/accuracy.md: npm run bench:accuracy.
import { writeFileSync } from 'node:fs'
import {
  type Capture,
  type Circumstance,
  isInFirstHalf,
  loadCorpus,
  type Score,
  score,
} from '../test/diagnose/corpus.ts'

const corpus = loadCorpus()
const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`

const COLUMNS: [title: string, value: (s: Score) => string][] = [
  ['answers', (s) => String(s.visible)],
  ['cause among', (s) => percent(s.causeAmong, s.visible)],
  ['first', (s) => percent(s.causeFirst, s.visible)],
  ['candidates', (s) => (s.candidates / Math.max(1, s.visible - s.missed)).toFixed(2)],
  ['alone, where it can be told', (s) => percent(s.tellableAlone, s.tellable)],
  ['wrong and alone', (s) => percent(s.wrongAlone, s.visible)],
  ['nothing said', (s) => String(s.missed)],
  ['generator right', (s) => percent(s.generatorRight, s.written)],
  ['generator wrong', (s) => percent(s.generatorWrong, s.visible)],
  ['link', (s) => percent(s.linkRight, s.visible)],
  ['party', (s) => percent(s.partyRight, s.visible)],
  ['false alarms', (s) => String(s.falseAlarms)],
]

function table(first: string, rows: [name: string, s: Score][]): string {
  const lines = [
    `| ${first} | ${COLUMNS.map(([title]) => title).join(' | ')} |`,
    `|---|${COLUMNS.map(() => '---:').join('|')}|`,
    ...rows.map(([name, s]) => `| ${name} | ${COLUMNS.map(([, value]) => value(s)).join(' | ')} |`),
  ]
  return lines.join('\n')
}

const by = (
  name: string,
  part: (capture: Capture) => boolean,
  circumstance: Circumstance = 'as measured',
): [string, Score] => [name, score(corpus, circumstance, part)]
const all = (): boolean => true
const products = [...new Set(corpus.captures.map(({ product }) => product))].sort()
const phases = ['resolve', 'connect', 'tls', 'send', 'receive-headers', 'receive-body', 'policy']

const document = `# How often the diagnosis of one answer is right

Written by \`npm run bench:accuracy\`; do not edit. Each row judges answers that real gateways gave while the leg behind
them was broken in a known way (test/data/corpus: ${corpus.captures.length} captures of ${products.length} products). The judge gets what a client has: the
bytes, how the connection ended, the time to the first byte and to the end, the request method, and whether the request
went to a forward proxy.

- **answers**: those in which the fault shows at all. Where a gateway hid it completely, saying nothing is right, and a
  failure claimed nevertheless is a *false alarm*.
- **cause among, first**: the causes named contain the true one; it is the first of them. truth.json lists the causes any
  of which names a fault truly.
- **alone, where it can be told**: answers of all products that are equal but for dates, ids, hosts, ports and lengths,
  and were equally slow or fast, form a group. Where one cause is true for a whole group, the bytes tell it; counted is
  how often it alone is named.
- **wrong and alone**: one cause, and not the true one: the worst result.
- **generator**: the product that wrote the answer, of the answers that a gateway wrote; *wrong* names a product that
  did not.
- **link, party**: by the phase that failed. Where no gateway shows itself, the server dialled counts as right.

## All

${table('given', [
  by('all, as measured', all),
  by('time-outs 15 times as long', all, 'other times'),
  by('other hosts, versions and dates', all, 'other names'),
  by('without Server, Via and X-Powered-By', all, 'no names'),
  by('as HTTP/2: no reason phrase, no case of names', all, 'HTTP/2'),
  by('the bytes alone: no timing, ending or role', all, 'bytes alone'),
])}

## By halves

The rules were written by somebody who had seen these captures, so halves of them are no blind test. They show whether
the score rests on a few groups.

${table('part', [
  by('half of the faults', ({ fault }) => isInFirstHalf(fault)),
  by('other half of the faults', ({ fault }) => !isInFirstHalf(fault)),
  by('half of the configurations', ({ variant }) => isInFirstHalf(variant)),
  by('other half of the configurations', ({ variant }) => !isInFirstHalf(variant)),
])}

## By the phase that failed behind the gateway

${table('phase', [
  ...phases.map((phase) => by(phase, (capture) => capture.phase === phase)),
  by("none: the origin's own error", (capture) => capture.phase === null),
])}

## By product

${table(
  'product',
  products.map((product) => by(product, (capture) => capture.product === product)),
)}
`

writeFileSync(new URL('../docs/accuracy.md', import.meta.url), document)
console.log(document)
