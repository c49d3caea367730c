/**
 * The looks of every public page: one sheet, phone first, by day and by night and on paper. It stands in each page, so
 * it is small; the publication's accent and fonts come after it (`page.ts`).
 *
 * Plain elements look right by themselves: `p ul ol dl form fieldset legend label input textarea select button table
 * pre mark`. Classes, for what no element says:
 *
 * - `p.lead` what the page is about, `p.facts` small and quiet, `p.label` a small heading in the accent
 * - `ul.entries` titles between hairlines: `a.title`, then `p` and `.facts`; `dl.pairs` a term and what it is
 * - `.prose` text that people wrote, in the publication's own font
 * - `p.notice` with `role="status"` what was done; `p.error` with `role="alert"` what is wrong, at its field too
 * - `p.field` a label, its input and `.hint` below; `label.choice` a checkbox or radio and its words; `form.search`
 * - `button` the one primary action; `button.quiet`, `button.danger`, `button.plain` (looks like a link); `p.actions` some
 *   in a row
 * - `nav.pages` earlier and later, `rel="prev"` and `rel="next"`; `hr`
 * - `.whole` what no line ends within (`address.ts`)
 * - `.unseen` for those who listen; `.away` a field that no person fills in
 */

export const STYLE = `
:root { color-scheme: light dark; --paper: #ffffff; --ground: #f6f5f2; --ink: #1a1a1a; --quiet: #5c5850; --line: #d9d5cc; --edge: #85807a; --accent: #9b2226; --on-accent: #ffffff; --bad: #a31621;
  --heading: Georgia, 'Iowan Old Style', 'Palatino Linotype', 'Times New Roman', serif; --text: var(--heading); --sans: -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161616; --ground: #0e0e0e; --ink: #e8e6e1; --quiet: #b0aca4; --line: #3a3834; --edge: #8a857c; --accent: #e5737a; --on-accent: #161616; --bad: #f28b82; }
}
* { box-sizing: border-box; }
html { background: var(--paper); -webkit-text-size-adjust: 100%; }
body { display: flex; flex-direction: column; min-height: 100vh; min-height: 100svh; max-width: 44rem; margin: 0 auto; padding: 28px 24px 40px; color: var(--ink); font: 17px/1.6 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
main { flex: 1; }
h1, h2, h3, .name, .title { font-family: var(--heading); line-height: 1.25; letter-spacing: -0.01em; text-wrap: balance; }
.masthead { margin: 0 0 44px; padding: 0 0 14px; border-bottom: 3px solid var(--accent); }
.masthead p { margin: 0; }
.name { font-size: 24px; font-weight: 700; }
.name a { color: inherit; text-decoration: none; }
.name a:hover { color: var(--accent); }
.masthead .tagline { margin: 2px 0 0; color: var(--quiet); font: italic 16px/1.45 var(--text); }
.front .masthead { margin-top: 20px; padding-bottom: 24px; }
.front .name { font-size: clamp(38px, 8vw, 60px); line-height: 1.05; }
.front .tagline { margin-top: 10px; font-size: 20px; }
.masthead .actions { margin-top: 20px; }
h1 { margin: 0 0 16px; font-size: clamp(27px, 5.5vw, 36px); line-height: 1.2; hyphens: auto; }
h2 { margin: 48px 0 12px; font-size: 22px; }
h3 { margin: 28px 0 8px; font-size: 18px; }
.front h1, .label { margin: 0 0 8px; color: var(--accent); font: 600 13px/1.5 var(--sans); letter-spacing: 0.09em; text-transform: uppercase; }
p, ul, ol, dl, table, pre { max-width: 38rem; margin: 0 0 20px; text-wrap: pretty; }
ul, ol { padding-inline-start: 1.4em; }
.lead { color: var(--quiet); font-size: 18px; }
.facts, .hint { color: var(--quiet); font-size: 15px; line-height: 1.5; }
.prose { font: 18px/1.62 var(--text); }
a { color: inherit; text-decoration-color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
a:hover { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
blockquote { max-width: 38rem; margin: 0 0 20px; padding-inline-start: 16px; border-inline-start: 3px solid var(--line); }
blockquote > :last-child { margin-bottom: 0; }
hr { height: 0; margin: 40px 0; border: 0; border-top: 1px solid var(--line); }
mark { background: none; color: var(--accent); font-weight: 600; }
.entries { max-width: none; margin: 0 0 32px; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.entries > li { padding: 18px 0; border-bottom: 1px solid var(--line); }
.entries .title { display: block; font-size: 22px; line-height: 1.3; font-weight: 700; text-decoration-color: transparent; }
.entries .title:hover { text-decoration-color: var(--accent); }
.entries p { margin: 4px 0 0; }
.pairs { display: grid; grid-template-columns: fit-content(40%) 1fr; gap: 0; border-top: 1px solid var(--line); }
.pairs > dt, .pairs > dd { margin: 0; padding: 10px 0; border-bottom: 1px solid var(--line); min-width: 0; overflow-wrap: anywhere; }
.pairs > dt { padding-inline-end: 24px; color: var(--quiet); }
.notice, .error[role] { max-width: 38rem; margin: 0 0 20px; padding: 12px 0 12px 16px; border-inline-start: 3px solid var(--accent); }
.notice { background: var(--ground); padding-inline-end: 16px; }
.notice > p { margin: 0 0 6px; }
.notice > :last-child { margin: 0; }
.error { color: var(--bad); }
.error[role] { border-color: var(--bad); }
form { margin: 0 0 28px; }
fieldset { min-width: 0; margin: 36px 0 28px; padding: 20px 0 0; border: 0; border-top: 1px solid var(--line); }
legend { float: inline-start; width: 100%; margin: 0 0 10px; padding: 0; font-weight: 600; }
legend + * { clear: both; }
label { font-weight: 600; }
.choice { display: flex; gap: 12px; align-items: baseline; max-width: 38rem; padding: 8px 0; font-weight: 400; cursor: pointer; }
.choice > span { min-width: 0; overflow-wrap: anywhere; }
.choice > input { flex: none; width: 20px; height: 20px; margin: 0; translate: 0 4px; accent-color: var(--accent); }
.choice .hint { display: block; }
.field { margin: 0 0 22px; }
.field > label { display: block; margin: 0 0 6px; }
.hint, .field > .error { display: block; margin: 6px 0 0; }
.field > .error { font-size: 15px; }
p.hint { margin: 0 0 14px; }
input:not([type='checkbox'], [type='radio']), textarea, select { width: 100%; max-width: 30rem; min-height: 48px; padding: 10px 14px; border: 1px solid var(--edge); border-radius: 4px; background: var(--paper); color: inherit; font: inherit; }
textarea { display: block; max-width: 38rem; min-height: 11em; resize: vertical; line-height: 1.5; }
::placeholder { color: var(--quiet); opacity: 1; }
select { width: auto; max-width: 100%; }
[aria-invalid='true'] { border-color: var(--bad) !important; }
input:focus-visible, textarea:focus-visible, select:focus-visible { outline-offset: 0; }
button, .button { display: inline-block; min-height: 48px; padding: 11px 26px; border: 1px solid var(--accent); border-radius: 4px; background: var(--accent); color: var(--on-accent); font: 600 17px/1.4 var(--sans); text-align: center; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { color: var(--on-accent); text-decoration: underline; }
button.quiet { border-color: var(--edge); background: none; color: var(--ink); }
button.danger { border-color: var(--bad); background: none; color: var(--bad); }
button.plain { min-height: 32px; padding: 4px 0; border: 0; background: none; color: inherit; font-weight: 400; text-decoration: underline; text-decoration-color: var(--accent); text-underline-offset: 0.18em; }
.actions { display: flex; flex-wrap: wrap; gap: 12px 16px; align-items: center; max-width: none; margin: 28px 0 0; }
.search { display: flex; gap: 12px; max-width: 38rem; }
.search > :first-child { flex: 1; min-width: 0; }
.search > button { flex: none; }
.pages { display: flex; justify-content: space-between; gap: 24px; margin: 28px 0; }
.pages > [rel='next']:only-child { margin-inline-start: auto; }
table { width: 100%; border-collapse: collapse; font-size: 16px; }
th, td { padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
pre { max-width: none; padding: 16px; background: var(--ground); font: 14px/1.55 ui-monospace, Consolas, Menlo, 'DejaVu Sans Mono', monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.foot { margin: 72px 0 0; padding: 18px 0 0; border-top: 1px solid var(--line); color: var(--quiet); font-size: 14px; line-height: 1.6; }
.foot address { margin: 0 0 10px; font-style: normal; }
.foot nav { display: flex; flex-wrap: wrap; gap: 0 20px; }
.foot nav > * { padding: 4px 0; }
.foot [aria-current] { color: var(--ink); text-decoration: none; }
.whole { white-space: nowrap; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.away { position: absolute; opacity: 0; pointer-events: none; }
@media (max-width: 480px) {
  body { padding: 20px 20px 32px; }
  .masthead { margin-bottom: 32px; }
  form:not(.search) button:not(.plain) { width: 100%; }
  .search { gap: 8px; }
  .search > button { padding-inline: 16px; }
}
@media print {
  :root { --paper: #ffffff; --ink: #000000; --quiet: #444444; --line: #999999; --accent: #000000; }
  @page { margin: 18mm; }
  body { display: block; max-width: none; padding: 0; font-size: 11pt; }
  button, form, nav { display: none; }
  li, tr { break-inside: avoid; }
}
`
