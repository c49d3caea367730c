/** Readers: who is looked at, what their copies lack, and the marks of it. */

export const READERS = `
.readers-panel > header, .readers-panel div > header { display: flex; align-items: center; justify-content: space-between; gap: 8px; }
.readers-panel div > header { align-items: baseline; }
.readers-panel > header label { display: flex; gap: 6px; align-items: center; color: var(--quiet); font-size: 12px; }
.readers-panel h3 { margin-top: 12px; color: var(--quiet); font-size: 12px; }
.readers-panel .quiet { color: var(--quiet); font-size: 12px; }
.readers-panel ul { margin-top: 4px; }
.readers-panel input[type=checkbox] { width: 14px; height: 14px; }
.readers-panel li { display: flex; flex-wrap: wrap; gap: 0 8px; align-items: center; min-height: 24px; }
.readers-panel .name { flex: 1; min-width: 0; min-height: 24px; padding: 0; border: 0; overflow: hidden; text-align: start; text-overflow: ellipsis; white-space: nowrap; }
.readers-panel .name:hover { text-decoration: underline; text-decoration-color: var(--accent); text-underline-offset: 0.2em; }
.readers-panel li[aria-current] > .name { font-weight: 600; }
.readers-panel .act { min-height: 24px; padding: 0 4px; border: 0; color: var(--quiet); font-size: 12px; text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: 0.2em; }
.readers-panel .act:hover { color: var(--ink); text-decoration-color: var(--accent); }
.readers-panel .count { font-size: 12px; }
.readers-panel .count[data-worst='fallback'] { color: var(--warn); }
.readers-panel .count[data-worst='empty'] { color: var(--bad); }
.readers-panel .details { flex-basis: 100%; margin: 0 0 4px 22px; color: var(--quiet); font-size: 12px; line-height: 18px; }
.readers-panel .details li { display: block; min-height: 0; }
.readers-panel .trouble { margin-top: 8px; color: var(--bad); font-size: 12px; }
.readers-panel .trouble:empty { display: none; }
.readers-panel .stranger { margin-top: 8px; color: var(--quiet); font-size: 12px; }
.readers-panel > div > .plain { margin-top: 8px; }
.reader-form { display: grid; gap: 8px; margin-top: 12px; padding-top: 12px; border-top: 1px solid var(--line); }
.reader-form label { display: grid; grid-template-columns: 124px minmax(0, 1fr); gap: 8px; align-items: center; color: var(--quiet); font-size: 12px; }
.reader-form label > * { color: var(--ink); font-size: 13px; }
.reader-form .acts { display: flex; gap: 12px; align-items: center; }
.hole { background: none; color: inherit; }
.hole[data-kind='filled'] { text-decoration: underline; text-decoration-color: var(--edge); text-underline-offset: 3px; }
.hole[data-kind='fallback'] { text-decoration: underline dotted var(--warn); text-decoration-thickness: 3px; text-underline-offset: 3px; }
.hole[data-kind='empty'] { padding: 0 4px; border: 1px solid var(--bad); border-radius: 2px; color: var(--bad); font: 600 12px/1.5 var(--mono); }
`
