/** The sheet of keyboard shortcuts. */

export const HELP = `
.help { width: min(640px, calc(100vw - 32px)); padding: 20px 24px; border: 1px solid var(--edge); border-radius: 4px; background: var(--paper); color: var(--ink); }
.help::backdrop { background: rgb(0 0 0 / 0.3); }
.help header { display: flex; justify-content: space-between; align-items: center; margin-bottom: 12px; }
.help h2 { color: var(--ink); font: 700 17px/28px var(--serif); letter-spacing: 0; }
.help dl { columns: 2 240px; column-gap: 32px; margin-bottom: 12px; }
.help dl > div { display: flex; gap: 12px; align-items: baseline; padding: 5px 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
.help dt { flex: none; min-width: 48px; }
.help .facts { color: var(--quiet); }
`
