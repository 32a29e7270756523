// Turns what a program printed on a terminal, colours included, into an SVG. Runs nothing.

/** Column and line of a 14 pixel monospaced font, and the frame around them, in pixels. */
const COLUMN = 8.43
const LINE = 19
const MARGIN = 16
const COLUMNS = 80

const INK = '#d7dae0'
const PAPER = '#16191f'
/** Foregrounds by their SGR number, legible on the dark paper. */
const COLOURS: Record<number, string> = {
  30: '#6b7280',
  31: '#ff7b72',
  32: '#7ee787',
  33: '#f2cc60',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  37: INK,
}

interface Style {
  colour: string | null
  bold: boolean
  dim: boolean
}

interface Run extends Style {
  text: string
  column: number
}

const PLAIN: Style = { colour: null, bold: false, dim: false }

/** Columns a text takes: the report uses no wide and no combining characters. */
const columnsOf = (written: string) => Array.from(written).length

/** The style after `SGR`, a list such as `1;31` (ECMA-48, 8.3.117); codes it does not know change nothing. */
function restyle(style: Style, sgr: string): Style {
  let next = style
  for (const code of sgr.split(';').map(Number)) {
    if (code === 0) next = PLAIN
    else if (code === 1) next = { ...next, bold: true }
    else if (code === 2) next = { ...next, dim: true }
    else if (code === 22) next = { ...next, bold: false, dim: false }
    else if (code === 39) next = { ...next, colour: null }
    else if (COLOURS[code]) next = { ...next, colour: COLOURS[code] }
  }
  return next
}

/** Lines of runs of one style each. Escape sequences other than colours are left out. */
function parseAnsi(printed: string): Run[][] {
  let style = PLAIN
  return printed
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const runs: Run[] = []
      let column = 0
      // The odd pieces are the parameters and the final letter of an escape sequence.
      const pieces = line.split(/\x1b\[([0-9;?]*[A-Za-z])/)
      for (const [index, piece] of pieces.entries()) {
        if (index % 2 === 1) {
          if (piece.endsWith('m')) style = restyle(style, piece.slice(0, -1))
        } else if (piece !== '') {
          // A word or phrase stands at its own place, because readers of SVG do not agree on spaces.
          for (const { 0: phrase, index: at } of piece.matchAll(/\S+(?: \S+)*/g)) {
            runs.push({ ...style, text: phrase, column: column + columnsOf(piece.slice(0, at)) })
          }
          column += columnsOf(piece)
        }
      }
      return runs
    })
}

const escapeXml = (written: string) =>
  written.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** An SVG of `printed` below a prompt with `command`, at least 80 columns wide. Alternative text: the plain text. */
export function terminalPicture(printed: string, command: string): string {
  const prompt: Run[] = [
    { ...PLAIN, text: '$', column: 0, dim: true },
    { ...PLAIN, text: command, column: 2, bold: true },
  ]
  const lines = [prompt, [], ...parseAnsi(printed)]
  const columns = Math.max(
    COLUMNS,
    ...lines.map((runs) => Math.max(0, ...runs.map((run) => run.column + columnsOf(run.text)))),
  )
  const width = Math.ceil(columns * COLUMN + 2 * MARGIN)
  const height = lines.length * LINE + 2 * MARGIN
  const rows = lines.flatMap((runs, row) =>
    runs.map((run) => {
      const x = (MARGIN + run.column * COLUMN).toFixed(1)
      const y = MARGIN + row * LINE + 14
      const length = (columnsOf(run.text) * COLUMN).toFixed(1)
      const look = [
        run.colour ? ` fill="${run.colour}"` : '',
        run.bold ? ' font-weight="bold"' : '',
        run.dim ? ' opacity="0.65"' : '',
      ].join('')
      // The length is given, so that every font keeps the columns.
      return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${look}>${escapeXml(run.text)}</text>`
    }),
  )
  const plain = lines.map((runs) => runs.map((run) => run.text).join('  ')).join('\n')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeXml(command)}</title>
<desc>${escapeXml(plain)}</desc>
<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>
<g fill="${INK}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">
${rows.join('\n')}
</g>
</svg>
`
}
