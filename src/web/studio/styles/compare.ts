/**
 * A comparison: what there is to compare with, two pictures, and words that came and went. A difference is turned round by a
 * sheet of white over both pictures and below what lies beside the mail, which keeps its colours.
 */

export const COMPARE = `
.compare-panel ul { margin-inline: -8px; }
.compare-panel li > button { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 8px; width: 100%; padding: 4px 8px; border-color: transparent; text-align: start; }
.compare-panel li > button:hover { border-color: var(--line); }
.compare-panel li > button[aria-pressed='true'] { border-color: var(--line); background: var(--ground); }
.compare-panel li > button[aria-pressed='true'] .name { font-weight: 600; }
.compare-panel time, .compare-panel .detail, .compare-panel .quiet { color: var(--quiet); font-size: 12px; }
.compare-panel .name, .compare-panel .detail { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.compare-panel .same { grid-column: 1 / -1; color: var(--good); font-size: 12px; }
.compare-panel form { display: flex; gap: 8px; margin-top: 8px; }
.compare-panel .quiet { margin-top: 4px; overflow-wrap: anywhere; }
.compare > header { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; padding: 12px 24px; border-bottom: 1px solid var(--line); background: var(--paper); }
.compare > header h2 { color: var(--ink); font: 15px/24px var(--serif); letter-spacing: 0; overflow-wrap: anywhere; }
.compare .verdict { flex: 1 1 240px; min-width: 0; color: var(--quiet); overflow-wrap: anywhere; }
.compare .acts { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.compare .lines { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; padding: 12px 24px; border-bottom: 1px solid var(--line); background: var(--paper); }
.compare .lines dt { color: var(--quiet); }
.compare .lines dd { overflow-wrap: anywhere; }
.compare .lines .link-words { font-weight: 600; }
.compare ins { color: var(--good); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
.compare del + ins { margin-inline-start: 0.25em; }
.compare del { color: var(--bad); text-decoration: line-through; text-decoration-thickness: 1px; }
.compare-reader { display: flex; gap: 8px; align-items: baseline; color: var(--quiet); font-size: 12px; }
.compare-reader select { width: auto; max-width: 200px; color: var(--ink); }
.compared { padding: 12px 24px 40px; }
.compared .sides { display: flex; justify-content: center; gap: 32px; margin-bottom: 8px; color: var(--quiet); font-size: 12px; }
.compared .sides span { flex: 0 1 var(--width); min-width: 0; }
.compared .pair { position: relative; isolation: isolate; display: flex; justify-content: center; gap: 32px; align-items: flex-start; }
.compared .pair > .picture { flex: 0 1 var(--width); min-width: min(calc(50% - 16px), 200px); }
.compared.free .pair > .picture, .compared.free .sides span { flex: 1 1 0; }
.compared .divider { display: none; }
.compared:not([data-as='beside']) .pair { display: grid; grid-template-columns: minmax(0, 1fr); max-width: var(--width); margin-inline: auto; }
.compared.free:not([data-as='beside']) .pair { max-width: 1280px; }
.compared:not([data-as='beside']) .pair > .picture { grid-area: 1 / 1; min-width: 0; }
.compared:not([data-as='beside']) .sides { max-width: var(--width); margin-inline: auto; justify-content: space-between; }
.compared:not([data-as='beside']) .sides span { flex: 0 1 auto; }
.compared[data-as='over'] .before { clip-path: inset(0 calc(100% - var(--at)) 0 0); }
.compared[data-as='over'] .after { clip-path: inset(0 0 0 var(--at)); }
.compared[data-as='over'] .divider { position: absolute; inset-block: 0; inset-inline-start: calc(var(--at) - 8px); z-index: 1; display: block; width: 16px; cursor: ew-resize; touch-action: none; }
.compared[data-as='over'] .divider::before { content: ''; position: absolute; inset-block: 0; inset-inline-start: 7px; width: 2px; background: var(--accent); }
.compared[data-as='over'] .divider::after { content: ''; position: sticky; top: 50vh; display: block; width: 12px; height: 40px; margin: 8px 2px; border: 2px solid var(--accent); border-radius: 4px; background: var(--paper); }
.compared .divider:focus-visible { outline: none; }
.compared .divider:focus-visible::after { outline: 2px solid var(--accent); outline-offset: 2px; }
.compared[data-as='difference'] .pair { outline: 1px solid var(--line); background: #ffffff; }
.compared[data-as='difference'] .sheet { outline: none; }
.compared[data-as='difference'] .after .sheet { mix-blend-mode: difference; }
.compared[data-as='difference'] .pair::after { content: ''; position: absolute; inset: 0; background: #ffffff; mix-blend-mode: difference; pointer-events: none; }
.compared[data-as='difference'] .picture-layer { z-index: 1; }
@media (prefers-color-scheme: dark) { .compared[data-as='difference'] .pair::after { content: none; } }
.stage.stale .compared { opacity: 0.55; }
.compare .words { max-width: 100ch; margin: 16px 24px 40px; padding: 16px 12px; outline: 1px solid var(--line); background: var(--paper); }
.compare .words p { padding: 4px 12px; border-inline-start: 2px solid transparent; font: 12px/18px var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
.compare .words p + p { margin-top: 8px; }
.compare .words .changed { border-inline-start-color: var(--accent); }
.compare .words summary { padding: 8px 12px; color: var(--quiet); cursor: pointer; }
`
