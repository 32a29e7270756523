// The live chains as a page: totals, a row for every chain, false alarms. Knows no chain by name.
import type { Run } from './run.ts'
import { isFault, type Judged, type Truth } from './scenario.ts'

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`

/** Text that is one cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

export interface Totals {
  chains: number
  /** Chains of which there was no result at all. */
  without: number
  /** Chains in which the fault can be seen and something was said. */
  among: number
  first: number
  candidates: number
  told: number
  tellable: number
  tellableAlone: number
  wrong: number
  wrongAlone: number
  couldNotTell: number
  hidden: number
  links: number
  parties: number
  outcomes: number
  written: number
  generatorRight: number
  generatorWrong: number
}

/** Counts over the chains that are broken. */
export function totals({ judged, broken }: Run): Totals {
  const all = judged.filter(({ scenario }) => scenario.truth !== null)
  const seen = all.filter(({ verdict }) => verdict !== 'hidden')
  const count = (claim: (one: Judged) => boolean): number => seen.filter(claim).length
  const truth = (one: Judged): Truth => one.scenario.truth as Truth
  const causes = (one: Judged): number => one.result.diagnosis?.causes.length ?? 0
  return {
    chains: all.length + broken.length,
    without: broken.length,
    among: count(({ verdict }) => ['right', 'first', 'among'].includes(verdict)),
    first: count(({ verdict }) => verdict === 'right' || verdict === 'first'),
    candidates: seen.reduce((sum, one) => sum + causes(one), 0),
    told: count((one) => causes(one) > 0),
    tellable: count((one) => truth(one).tellable),
    tellableAlone: count((one) => truth(one).tellable && one.verdict === 'right'),
    wrong: count(({ verdict }) => verdict === 'wrong'),
    wrongAlone: count((one) => one.verdict === 'wrong' && causes(one) === 1),
    couldNotTell: count(({ verdict }) => verdict === 'could not tell'),
    hidden: all.length - seen.length,
    links: count(({ link }) => link),
    parties: count(({ party }) => party),
    outcomes: count(({ outcome }) => outcome),
    written: count((one) => truth(one).generator !== null),
    generatorRight: count((one) => truth(one).generator !== null && one.generator === true),
    generatorWrong: count(({ generator }) => generator === false),
  }
}

function summary(counts: Totals): string {
  const seen = counts.chains - counts.without - counts.hidden
  const lines: [string, string][] = [
    ['broken chains', String(counts.chains)],
    ['no result came', String(counts.without)],
    ['the gateway hid the fault, and nothing was said', String(counts.hidden)],
    ['true cause among those named', percent(counts.among, seen)],
    ['true cause named first', percent(counts.first, seen)],
    ['causes named on average', (counts.candidates / Math.max(1, counts.told)).toFixed(2)],
    [
      'true cause named alone, where a client can tell',
      `${percent(counts.tellableAlone, counts.tellable)} of ${counts.tellable}`,
    ],
    ['could not tell', String(counts.couldNotTell)],
    ['wrong cause', percent(counts.wrong, seen)],
    ['wrong and alone', percent(counts.wrongAlone, seen)],
    ['link right', percent(counts.links, seen)],
    ['party right', percent(counts.parties, seen)],
    ['outcome right', percent(counts.outcomes, seen)],
    [
      'author of the answer named rightly',
      `${percent(counts.generatorRight, counts.written)} of ${counts.written}`,
    ],
    ['a product blamed that did not write it', percent(counts.generatorWrong, seen)],
  ]
  return `| measured | |\n|---|---:|\n${lines.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`
}

function truthCell(truth: Truth): string {
  const author = truth.generator === null ? '' : `; by ${truth.generator.join(' or ')}`
  return cell(
    `${truth.links.join(' or ')}: ${truth.causes.join(' or ')}; ${truth.parties.join(' or ')}${author}`,
  )
}

function saidCell({ result, link, party, outcome, generator }: Judged): string {
  const { diagnosis } = result
  if (!diagnosis) return `${result.outcome}, no diagnosis`
  const mark = (text: string, right: boolean): string => (right ? text : `**${text}**`)
  const author = diagnosis.generator ? `; by ${mark(diagnosis.generator.product, generator !== false)}` : ''
  return cell(
    `${mark(diagnosis.link, link)}: ${diagnosis.causes.join(', ')}; ${mark(diagnosis.party, party)}${author}; ${mark(result.outcome, outcome)}`,
  )
}

function verdictCell(one: Judged): string {
  const many = one.result.diagnosis?.causes.length ?? 0
  const texts = {
    right: 'right',
    first: `right, first of ${many}`,
    among: `among ${many}`,
    'could not tell': 'could not tell',
    wrong: '**wrong**',
    hidden: 'hidden, nothing said',
  }
  const faulty = isFault(one) && one.verdict !== 'wrong'
  return texts[one.verdict] + (faulty ? ' (what is bold is wrong)' : '')
}

function everyChain(run: Run): string {
  const lines: string[] = []
  const broken = run.judged.filter(({ scenario }) => scenario.truth !== null)
  for (const group of new Set(broken.map(({ scenario }) => scenario.group))) {
    lines.push('', `### ${group[0]?.toUpperCase()}${group.slice(1)}`, '')
    lines.push('| chain | truth | said | judged |', '|---|---|---|---|')
    for (const one of broken.filter(({ scenario }) => scenario.group === group)) {
      const { truth, name } = one.scenario
      if (truth)
        lines.push(`| ${cell(name)} | ${truthCell(truth)} | ${saidCell(one)} | ${verdictCell(one)} |`)
    }
  }
  return lines.join('\n')
}

function healthyPart(run: Run): string {
  const healthy = run.judged.filter(({ scenario }) => scenario.truth === null)
  const alarms = healthy.filter(({ verdict }) => verdict === 'wrong')
  const remarks = healthy.filter(({ verdict, result }) => verdict === 'right' && result.diagnosis !== null)
  const lines = [
    `${healthy.length} answers of sites that are fine: ${alarms.length} false alarms (${percent(alarms.length, healthy.length)}), ${remarks.length} with a remark that leaves them up.`,
  ]
  for (const { scenario, result } of alarms) {
    lines.push(
      `- ${scenario.name}: ${result.outcome}, ${result.diagnosis?.headline ?? result.failure?.raw ?? ''}`,
    )
  }
  for (const { scenario, result } of remarks) {
    lines.push(`- remark on ${scenario.name}: ${result.diagnosis?.headline ?? ''}`)
  }
  return lines.join('\n')
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return cell(text.split('\n')[0] ?? '')
}

/** The whole page in Markdown. */
export function livePage(run: Run): string {
  const without = run.broken.map(({ scenario, error }) => `- ${scenario.name}: ${firstLine(error)}`)
  const skipped = run.skipped.map(({ scenario, because }) => `- ${scenario.name}: ${because}`)
  return `# How often the diagnosis of a live chain is right

Written by \`npm run bench:accuracy\`; do not edit. Every chain is made on loopback, or in a network of its own, out of real
sockets, real gateways and name servers, broken in a known way, and then checked as the command line does it: the check,
the further looks, the diagnosis. Nothing outside the machine is asked. The chains stand in bench/live/scenarios/, with
the truth of each beside how it is made.

- **truth**: link, causes, party and author, any of which is right where several stand there.
- **right**: one cause, and true. **first of**, **among**: true, beside others. **could not tell**: nothing definite was
  said. **wrong**: none of the causes named is true.
- **hidden**: the gateway made a good answer out of a broken one, so that no client can see a fault.
- In the column *said*, what is bold is wrong.

The rules were written by people who saw some of these chains fail, so this is no blind test of them.

## Totals

${summary(totals(run))}

## Healthy sites

${healthyPart(run)}
${without.length > 0 ? `\n## Without a result\n\n${without.join('\n')}\n` : ''}${skipped.length > 0 ? `\n## Not made on this machine\n\n${skipped.join('\n')}\n` : ''}
## Every chain
${everyChain(run)}
`
}

/** The totals and what was wrong, for the terminal. */
export function liveSummary(run: Run): string {
  const faults = run.judged.filter(isFault).map(({ scenario }) => `- ${scenario.group}: ${scenario.name}`)
  const without = run.broken.map(({ scenario, error }) => `- ${scenario.name}: ${firstLine(error)}`)
  const list = (title: string, lines: string[]): string =>
    lines.length > 0 ? `\n\n${title}\n${lines.join('\n')}` : ''
  return `${summary(totals(run))}\n\n${healthyPart(run).split('\n')[0]}${list('Wrong in cause, link, party, outcome or author:', faults)}${list('Without a result:', without)}`
}
