/** The looks of a report: ink on paper, hairlines, one measure; states and verdicts each in one colour, always with a word. */

export const STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1a1a1a; --quiet: #5c5850; --line: #d9d5cc; --accent: #9b2226;
  --person: #1a1a1a; --unknown: #8f8a81; --machine: #cfcabf;
  --sent: #2f7d4f; --sending: #2b6cb0; --queued: #8a857c; --deferred: #c98a1b; --bounced: #c0392b; --failed: #7b1e1e; --uncertain: #7e57c2; --excluded: #cfcabf;
  --heading: Georgia, 'Iowan Old Style', 'Palatino Linotype', 'Times New Roman', serif; --sans: -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161616; --ink: #e8e6e1; --quiet: #b0aca4; --line: #3a3834; --accent: #e5737a;
    --person: #e8e6e1; --unknown: #8f8a81; --machine: #55514a;
    --sent: #58b37f; --sending: #6aa9e9; --queued: #8f8a81; --deferred: #e0ac4c; --bounced: #ef7668; --failed: #b5504f; --uncertain: #a98be0; --excluded: #55514a; }
}
* { box-sizing: border-box; }
html { background: var(--paper); -webkit-text-size-adjust: 100%; }
body { max-width: 68rem; margin: 0 auto; padding: 40px 32px 56px; color: var(--ink); font: 15px/1.55 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
header { padding-bottom: 20px; border-bottom: 3px solid var(--accent); }
p, h1, h2, h3, dl, dd, figure, ul { margin: 0; padding: 0; }
h1, h2, .name { font-family: var(--heading); line-height: 1.2; text-wrap: balance; }
.name { color: var(--quiet); font-size: 17px; font-style: italic; }
h1 { margin: 4px 0 10px; text-align: left; font-size: clamp(28px, 5vw, 42px); letter-spacing: -0.01em; }
h2 { font-size: 21px; }
h3 { margin: 28px 0 8px; font-size: 13px; font-weight: 600; letter-spacing: 0.04em; }
.body > h3:first-child { margin-top: 4px; }
.quiet, .facts, .url, footer { color: var(--quiet); font-size: 13.5px; }
.body > p { max-width: 44rem; text-wrap: pretty; margin: 0 0 12px; }
.body > p.quiet { margin: 10px 0 0; }
#map .body > p.quiet { margin: 0 0 16px; }
a { color: inherit; text-decoration-color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.alarm, .live { margin: 20px 0 0; padding: 10px 16px; border-left: 3px solid var(--deferred); }
.alarm { border-color: var(--bounced); }
section { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: 0 32px; padding: 28px 0 32px; border-top: 1px solid var(--line); }
.headlines { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); padding: 24px 0 28px; }
.headlines > div { padding: 0 16px; border-left: 1px solid var(--line); }
.headlines > div:first-child { padding-left: 0; border-left: 0; }
.headlines dt { font-weight: 600; }
.headlines b { display: block; font: 400 38px/1.2 var(--heading); letter-spacing: -0.01em; }
.headlines div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.headlines dd { display: contents; }
.headlines dt { order: 1; }
.headlines .quiet { order: 0; text-wrap: pretty; }
.headlines b { order: 2; }
.state-bar { display: block; width: 100%; height: 14px; margin: 4px 0 10px; }
.states { display: flex; flex-wrap: wrap; gap: 4px 24px; list-style: none; }
.state { white-space: nowrap; }
.swatch { display: inline-block; width: 10px; height: 10px; margin-right: 7px; border-radius: 2px; }
.sent { fill: var(--sent); background: var(--sent); } .sending { fill: var(--sending); background: var(--sending); } .queued { fill: var(--queued); background: var(--queued); }
.deferred { fill: var(--deferred); background: var(--deferred); } .bounced { fill: var(--bounced); background: var(--bounced); } .failed { fill: var(--failed); background: var(--failed); }
.uncertain { fill: var(--uncertain); background: var(--uncertain); } .excluded { fill: var(--excluded); background: var(--excluded); }
svg.sent, svg.deferred { background: none; }
.person { fill: var(--person); } .unknown { fill: var(--unknown); } .machine { fill: var(--machine); }
.swatch.person { background: var(--person); } .swatch.unknown { background: var(--unknown); } .swatch.machine { background: var(--machine); }
.multiples { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 20px 28px; }
.multiples.four { grid-template-columns: repeat(4, minmax(0, 1fr)); margin-bottom: 24px; }
.bars figcaption { margin-bottom: 6px; line-height: 1.35; }
.bars figcaption b { font-size: 18px; font-weight: 600; }
.bars figcaption .quiet { display: block; font-size: 12.5px; }
.bars .strip { display: grid; gap: 10px; }
.bars svg { display: block; width: 100%; height: 72px; border-bottom: 1px solid var(--line); }
.axis { display: flex; justify-content: space-between; gap: 8px; min-height: 1.4em; color: var(--quiet); font-size: 11.5px; line-height: 1.4; white-space: nowrap; }
.columns figcaption { font-weight: 600; }
.columns .strip { display: flex; gap: 8px; align-items: end; margin-top: 4px; }
.columns .strip > div { display: flex; flex: 1; flex-direction: column; min-width: 0; font-size: 11.5px; line-height: 1.4; text-align: center; }
.columns .strip svg { width: 100%; height: 64px; border-bottom: 1px solid var(--line); }
.columns .before { color: var(--quiet); } .columns .before rect { fill: var(--unknown); } .columns .this rect { fill: var(--person); }
.columns .this .value { font-weight: 600; }
.columns .value { white-space: nowrap; }
thead .swatch { width: 8px; height: 8px; margin-right: 5px; }
table { width: 100%; border-collapse: collapse; }
thead th { position: sticky; top: 0; background: var(--paper); color: var(--quiet); font-size: 12.5px; line-height: 1.35; vertical-align: bottom; }
th, td { padding: 7px 0 7px 16px; border-bottom: 1px solid var(--line); font-weight: 400; text-align: left; vertical-align: top; }
tr > :first-child { padding-left: 0; }
.number, .share { text-align: right; white-space: nowrap; }
thead .number, thead .share { white-space: normal; }
th.words { overflow-wrap: anywhere; }
td.bar, th.bar { width: 22%; min-width: 60px; }
svg.bar { display: block; width: 100%; height: 10px; margin-top: 7px; }
.url { display: block; font-size: 12.5px; line-height: 1.4; overflow-wrap: anywhere; }
tr:target { background: color-mix(in srgb, var(--accent) 12%, transparent); }
code { font: 0.92em ui-monospace, Consolas, Menlo, 'DejaVu Sans Mono', monospace; }
.pairs > div { display: flex; gap: 16px; padding: 7px 0; border-bottom: 1px solid var(--line); }
.pairs dt { flex: 0 0 10rem; }
.map { margin: 0; }
footer { padding-top: 16px; border-top: 1px solid var(--line); }
@media (max-width: 900px) {
  section { display: block; }
  h2 { margin-bottom: 12px; }
}
@media (max-width: 760px) {
  body { padding: 20px 20px 36px; }
  .headlines { display: block; padding: 4px 0 20px; }
  .headlines > div { display: grid; grid-template-columns: 5.2rem 1fr; gap: 0 16px; align-items: baseline; padding: 12px 0; border-left: 0; border-bottom: 1px solid var(--line); }
  .headlines > div:last-child { border-bottom: 0; padding-bottom: 0; }
  .headlines b { grid-row: 1 / 3; grid-column: 1; font-size: 30px; text-align: right; }
  .headlines dt { grid-row: 1; grid-column: 2; }
  .headlines .quiet { grid-row: 2; grid-column: 2; }
  .multiples.four { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px; }
  .columns .strip { gap: 4px; }
  .columns .before .value, .columns .day { display: none; }
  .map { margin: 0 -20px; }
  .map p { margin: 0 20px; }
  td.bar, th.bar { display: none; }
  table.narrow td, table.narrow th { padding-left: 10px; }
  table.narrow tr > :first-child { padding-left: 0; }
  table.wide, .wide tbody { display: block; }
  .wide thead { display: none; }
  .wide tr { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 4px 12px; padding: 10px 0; border-bottom: 1px solid var(--line); }
  .wide th, .wide td { padding: 0; border: 0; }
  .wide tbody th { grid-column: 1 / -1; }
  .wide td { text-align: left; white-space: normal; }
  .wide td.share { grid-column: 1 / -1; }
  td .quiet { white-space: nowrap; }
  .wide tr:has(td > .quiet) { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .wide td > .quiet { display: block; }
  .wide td::before { content: attr(data-name); display: block; color: var(--quiet); font-size: 11.5px; line-height: 1.35; }
  .wide td.share::before { display: inline; padding-right: 6px; }
  .pairs dt { flex-basis: 8rem; }
}
@media print {
  :root { --paper: #ffffff; --ink: #000000; --quiet: #444444; --line: #999999; --accent: #000000; }
  @page { margin: 16mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  section { display: block; break-inside: auto; }
  h2, h3 { break-after: avoid; }
  figure, tr, .headlines { break-inside: avoid; }
  thead th { position: static; }
  svg, .swatch, .map { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
