/** The centre of an issue: toolbar, strip, and a column for each reader with their row of the inbox and their picture. */

export const STAGE = `
.stage .above { position: sticky; top: var(--head); z-index: 1; }
.toolbar { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: center; justify-content: space-between; padding: 8px 16px; border-bottom: 1px solid var(--line); background: var(--paper); }
.toolbar .modes { flex: 1 1 100%; display: flex; flex-wrap: wrap; gap: 4px 20px; justify-content: space-between; }
.toolbar .opens-modes { display: none; }
.choices { display: flex; gap: 0; }
.choices > button { min-height: 28px; padding: 3px 8px; border-color: transparent; border-radius: 4px; color: var(--quiet); white-space: nowrap; }
.choices > button:hover { color: var(--ink); border-color: transparent; }
.choices > button[aria-pressed='true'] { border-color: var(--line); background: var(--ground); color: var(--ink); }
.strip { padding: 12px 24px; border-bottom: 1px solid var(--bad); border-inline-start: 3px solid var(--bad); background: var(--paper); }
.strip strong { color: var(--bad); }
.strip ul { margin-top: 4px; }
.strip .place { margin-inline-end: 8px; font-family: var(--mono); font-size: 12px; }
.stage .readers { display: flex; gap: 32px; justify-content: safe center; padding: 16px 24px 40px; overflow-x: auto; }
.beyond { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; padding: 4px 24px; border-bottom: 1px solid var(--line); background: var(--paper); color: var(--quiet); font-size: 12px; }
.beyond button:not(:disabled) { color: var(--ink); }
.beyond button:disabled { text-decoration: none; }
.stage .empty { padding: 96px 24px; color: var(--quiet); text-align: center; }
.reader { container-type: inline-size; flex: 0 1 var(--width); min-width: min(100%, 300px); }
.reader.free { flex: 1 1 0; max-width: 1280px; }
.reader > header { display: flex; gap: 16px; justify-content: space-between; align-items: baseline; margin-bottom: 8px; color: var(--quiet); font-size: 12px; }
.reader .facts { color: var(--quiet); }
.picture { position: relative; }
.sheet { position: relative; min-height: 240px; overflow: hidden; background: var(--paper); outline: 1px solid var(--line); }
.sheet iframe { position: absolute; inset: 0 auto auto 0; display: block; border: 0; transform-origin: 0 0; background: #ffffff; }
.sheet iframe.coming { visibility: hidden; }
.width-handle { position: absolute; inset-block: 0; inset-inline-end: -16px; width: 16px; cursor: ew-resize; touch-action: none; }
.width-handle::after { content: ''; position: sticky; top: 50vh; display: block; width: 4px; height: 40px; margin: 8px auto; border-inline: 1px solid var(--edge); }
.width-handle:hover::after, .width-handle:focus-visible::after { border-color: var(--accent); }
.stage.stale .readers { opacity: 0.55; }
.inbox-row { container-type: inline-size; margin-bottom: 16px; outline: 1px solid var(--line); font-size: 13px; }
.inbox-row h3 { padding: 4px 12px; border-bottom: 1px solid var(--line); background: var(--paper); color: var(--quiet); font-size: 12px; }
.inbox-row .where { grid-column: 1 / -1; color: var(--quiet); font-size: 11px; line-height: 16px; }
.inbox-row [data-light] { --paper: #ffffff; --ink: #1a1a1a; --quiet: #5c5850; --line: #e4e1da; background: var(--paper); color: var(--ink); }
.inbox-row [data-light='dark'] { --paper: #1c1c1c; --ink: #ececec; --quiet: #a8a8a8; --line: #3a3834; }
.inbox-row .phones { display: flex; }
.inbox-row .phone { flex: 1 1 0; min-width: 0; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 12px; padding: 8px 12px; }
.inbox-row .phone .subject, .inbox-row .phone .preheader { grid-column: 1 / -1; }
.inbox-row .desk { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 16px; padding: 8px 12px; border-top: 1px solid var(--line); }
.inbox-row .desk .both { grid-row: 3; grid-column: 1 / -1; }
.inbox-row .from { font-weight: 600; }
.inbox-row .preheader, .inbox-row time { color: var(--quiet); }
.inbox-row time { font-size: 12px; white-space: nowrap; }
@container (min-width: 800px) {
  .inbox-row .desk { grid-template-columns: fit-content(24%) minmax(0, 1fr) auto; }
  .inbox-row .desk .both { grid-row: 2; grid-column: 2; }
}
@container (max-width: 559px) { .inbox-row .phone + .phone { display: none; } }
.text-part { position: relative; max-width: 100%; padding: 20px 24px; background: var(--paper); outline: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
.text-part::after { content: ''; position: absolute; inset-block: 0; inset-inline-start: calc(26px + 78ch); border-inline-start: 1px dashed var(--line); }
@container (max-width: 639px) { .text-part::after { display: none; } }
.source { background: var(--paper); outline: 1px solid var(--line); padding: 16px 20px; }
.source dl { display: grid; grid-template-columns: fit-content(38%) minmax(0, 1fr); margin: 12px 0 20px; border-top: 1px solid var(--line); }
.source dt, .source dd { padding: 6px 16px 6px 0; border-bottom: 1px solid var(--line); }
.source dt { font-weight: 600; }
.source code, .source pre { overflow-wrap: anywhere; white-space: pre-wrap; }
.simulation { padding: 8px 24px; border-bottom: 1px solid var(--line); color: var(--quiet); font-size: 12px; line-height: 18px; }
.simulation p { max-width: 100ch; }
.simulation summary { cursor: pointer; }
.simulation details p { margin-top: 4px; }
.link-note:not(:empty) { position: sticky; bottom: var(--foot); z-index: 1; display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; padding: 8px 24px; border-top: 1px solid var(--line); background: var(--paper); }
.link-note p { flex: 1 1 320px; min-width: 0; overflow-wrap: anywhere; }
@media (max-width: 699px) {
  .stage .above { position: static; }
  .toolbar .opens-modes { display: inline-block; }
  .toolbar .modes:not(.open) { display: none; }
  .stage .readers { padding: 12px 16px 32px; }
}
`
