// The style of the HTML report: one column, light and dark, from 360 pixels to wide screens, and paper.

export const STYLE = `
:root { color-scheme: light dark; --ink: #16202b; --soft: #55606c; --line: #d7dde3; --paper: #fff; --card: #f5f7f9;
  --ok: #17713a; --bad: #b3261e; --warn: #8a5a00; --off: #77828d; --bar: #2c6fb3; --badback: #fdeceb; --warnback: #fff4dc; --okback: #e7f5ec; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ee; --soft: #a3aeb9; --line: #38434d; --paper: #12181e; --card: #1b232b;
  --ok: #63c98a; --bad: #ff8a80; --warn: #f0bb55; --off: #8995a1; --bar: #6fb0ee; --badback: #3a1c1b; --warnback: #352a12; --okback: #15301f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  overflow-wrap: anywhere; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: .25rem 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p, ul, ol, dl, table, pre { margin: .4rem 0; }
ul, ol { padding-left: 1.3rem; }
li { margin: .25rem 0; }
a { color: inherit; }
code, pre, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .85rem; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .75rem; overflow-x: auto; line-height: 1.4;
  white-space: pre-wrap; }
pre.hex { white-space: pre; }
header { border-left: 6px solid var(--off); background: var(--card); border-radius: 6px; padding: .75rem 1rem; }
header.down { border-color: var(--bad); background: var(--badback); }
header.degraded, header.unknown { border-color: var(--warn); background: var(--warnback); }
header.up { border-color: var(--ok); background: var(--okback); }
header p { margin: .2rem 0; }
.word { font-weight: 700; letter-spacing: .04em; }
.down .word, .failed, .broken { color: var(--bad); }
.up .word, .ok { color: var(--ok); }
.degraded .word, .unknown .word, .attention, .unknown { color: var(--warn); }
.unreached, .soft { color: var(--soft); }
.failed, .broken, .attention { font-weight: 600; }
dl { display: grid; grid-template-columns: minmax(6rem, 10rem) 1fr; gap: .2rem .9rem; }
dt { color: var(--soft); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); font-size: .85rem; }
td:first-child, th { overflow-wrap: normal; }
td.name { white-space: nowrap; width: 1%; padding-right: 1.2rem; }
td.time { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.bar { width: 32%; min-width: 6rem; }
td.bar svg { display: block; width: 100%; height: 1rem; }
td ul { margin: 0; padding-left: 1rem; }
svg.chain { display: block; width: 100%; height: auto; margin: .5rem 0; font: 14px system-ui, sans-serif; }
svg.wide { max-width: 60rem; } svg.narrow { display: none; max-width: 24rem; }
svg text { fill: var(--ink); } svg .small { font-size: 12px; fill: var(--soft); }
svg .edge { stroke: var(--off); stroke-width: 2; } svg .edge.unreached { stroke-dasharray: 3 5; }
svg .node { fill: var(--paper); stroke: var(--off); stroke-width: 2.5; } svg .node.inferred { stroke-dasharray: 4 3; }
svg .node.ok { stroke: var(--ok); } svg .node.broken { stroke: var(--bad); fill: var(--badback); }
svg .node.attention, svg .node.unknown { stroke: var(--warn); fill: var(--warnback); }
svg .sign { font-weight: 700; text-anchor: middle; font-size: 18px; }
svg .sign.ok { fill: var(--ok); } svg .sign.broken, svg .says { fill: var(--bad); } svg .sign.attention, svg .sign.unknown { fill: var(--warn); }
svg .middle { text-anchor: middle; } svg .strong { font-weight: 600; }
svg rect.span { fill: var(--bar); } svg rect.span.failed { fill: var(--bad); } svg rect.span.attention { fill: var(--warn); }
svg rect.rail { fill: var(--line); opacity: .5; }
details { margin: .5rem 0; } summary { cursor: pointer; font-weight: 600; }
.ids { font-size: .8rem; color: var(--soft); }
:target { outline: 2px solid var(--bar); outline-offset: 2px; }
footer { margin-top: 2rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }
@media (max-width: 640px) {
  svg.wide { display: none; } svg.narrow { display: block; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; }
  table.stack, .stack tbody, .stack tr, .stack td { display: block; width: auto; }
  .stack thead { display: none; } .stack tr { border-bottom: 1px solid var(--line); padding: .4rem 0; } .stack td { border: 0; padding: .1rem 0; }
  .stack td:first-child, th { overflow-wrap: normal; }
td.name { white-space: nowrap; width: 1%; padding-right: 1.2rem; }
td.time { text-align: left; } .stack td.bar { width: auto; }
  pre.hex { font-size: .68rem; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --card: #fff; --badback: #fff; --warnback: #fff; --okback: #fff;
    --ok: #17713a; --bad: #b3261e; --warn: #8a5a00; --off: #666; --bar: #2c6fb3; }
  body { font-size: 11pt; } main { max-width: none; padding: 0; }
  svg.wide { display: block; } svg.narrow { display: none; }
  header, svg, tr, li { break-inside: avoid; } h2, h3, summary { break-after: avoid; }
  pre { max-height: none; white-space: pre-wrap; }
}
`
