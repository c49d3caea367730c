/** The size meter. */

export const SIZES = `
.sizes .total strong { font-size: 15px; }
.sizes .bar { position: relative; padding-bottom: 20px; }
.sizes .labels { position: relative; height: 18px; color: var(--quiet); font-size: 11px; }
.sizes .labels span { position: absolute; white-space: nowrap; }
.sizes .parts { display: flex; height: 10px; background: var(--ground); outline: 1px solid var(--line); }
.sizes .part { flex: none; border-inline-end: 1px solid var(--paper); }
.sizes .part.section, .sizes .part.opening { background: var(--accent); }
.sizes .part.head, .sizes .part.template { background: var(--edge); }
.sizes .cut { position: absolute; inset-block: 14px 12px; width: 0; border-inline-start: 1px solid var(--ink); }
.sizes .cut i { position: absolute; inset-block-start: 100%; inset-inline-end: 0; color: var(--quiet); font-size: 11px; font-style: normal; line-height: 14px; white-space: nowrap; }
.sizes .cut.within i { inset-inline: 2px auto; }
.sizes .verdict, .sizes .whole { color: var(--quiet); font-size: 12px; line-height: 18px; }
.sizes .verdict.over { color: var(--bad); }
.sizes summary { margin-top: 8px; cursor: pointer; }
.sizes table { width: 100%; }
.sizes tr > * { padding: 3px 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
.sizes th { font-weight: 400; text-align: start; }
.sizes th button.plain { text-align: start; }
.sizes td { padding-inline-start: 12px; text-align: end; white-space: nowrap; }
.sizes tfoot > tr > * { border: 0; font-weight: 600; }
.sizes tfoot > .limit > * { padding-block: 0; color: var(--quiet); font-weight: 400; }
.sizes tr.head th, .sizes tr.template th { color: var(--quiet); }
`
