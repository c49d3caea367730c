/** Where things stand: head, list at the left, the thing itself, panels at the right, and the foot. The page scrolls as a whole. */

export const SHELL = `
.studio { --head: 45px; --foot: 29px; display: grid; grid-template: auto 1fr auto / 232px minmax(0, 1fr) 320px; min-height: 100vh; }
.studio > header { grid-column: 1 / -1; position: sticky; top: 0; z-index: 3; display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; min-height: var(--head); padding: 8px 16px; border-bottom: 1px solid var(--line); background: var(--paper); }
.studio .brand { font: 700 17px/28px var(--serif); letter-spacing: -0.01em; text-decoration: none; }
.studio .heading { flex: 1; min-width: 0; font: 15px/28px var(--serif); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.studio .heading .facts { margin-inline-start: 12px; color: var(--quiet); font: 13px/28px var(--sans); }
.studio .list, .studio .panels { position: sticky; top: var(--head); align-self: start; height: calc(100vh - var(--head) - var(--foot)); overflow: auto; background: var(--paper); }
.studio .list, .studio .panels { scrollbar-width: thin; scrollbar-color: transparent transparent; }
.studio :is(.list, .panels):is(:hover, :focus-within) { scrollbar-color: var(--edge) transparent; }
.studio .list { border-inline-end: 1px solid var(--line); }
.studio .panels { border-inline-start: 1px solid var(--line); }
.studio .panels > section { padding: 12px 16px 16px; border-bottom: 1px solid var(--line); }
.studio .panels > :empty { display: none; }
.studio .panels > section > h2 { margin-bottom: 8px; }
.studio .centre { min-width: 0; background: var(--ground); }
.studio[data-place='issues'] .centre { grid-column: 1 / -1; }
.studio[data-place='inbox'] .centre { grid-column: 2 / -1; }
.studio[data-place='issues'] .list, .studio[data-place='issues'] .panels, .studio[data-place='inbox'] .panels { display: none; }
.studio > footer { grid-column: 1 / -1; position: sticky; bottom: 0; z-index: 2; display: flex; gap: 16px; align-items: baseline; min-height: var(--foot); padding: 4px 16px; border-top: 1px solid var(--line); background: var(--paper); color: var(--quiet); font-size: 12px; }
.studio > footer [role='status'] { flex: 1; min-width: 0; }
.studio .opens-help { margin-inline-start: auto; }
.studio .places { display: flex; gap: 16px; line-height: 28px; }
.studio .places a { color: var(--quiet); text-decoration: none; }
.studio .places a[aria-current] { color: var(--ink); font-weight: 600; }
.studio .opens-list, .studio .opens-panels, .studio .closer { display: none; }
.studio[data-unseen] :is(.toolbar, .simulation) { display: none; }
.studio[data-unseen] .centre { grid-column: 2 / -1; }
@media (max-width: 1099px) {
  .studio { grid-template-columns: minmax(0, 1fr); }
  .studio .list, .studio .panels { display: none; position: fixed; z-index: 2; width: min(340px, 100vw); }
  .studio .closer { display: block; margin: 8px 16px 8px auto; padding: 3px 10px; }
  .studio .list { inset-inline-start: 0; }
  .studio .panels { inset-inline-end: 0; }
  .studio[data-open='list'] .list, .studio[data-open='panels'] .panels { display: block; }
  .studio[data-place] .centre { grid-column: 1 / -1; }
  .studio[data-whole='list'] .list { display: block; position: static; width: auto; height: auto; border: 0; }
  .studio[data-whole='list'] :is(.centre, .closer, .opens-list) { display: none; }
  .studio:not([data-place='issues'], [data-whole='list']) .opens-list, .studio[data-place='issue']:not([data-unseen]) .opens-panels { display: inline-block; }
}
@media (max-width: 699px) {
  .studio > header { position: static; gap: 4px 12px; }
  .studio .heading { order: 1; flex: 1 1 200px; }
  .studio .heading .facts { display: none; }
  .studio .opens-panels { order: 2; }
  .studio .places { flex: 1; gap: 12px; }
  .studio .opens-help { display: none; }
  .studio .list, .studio .panels { top: 0; height: calc(100vh - var(--foot)); z-index: 4; width: 100%; }
}
`
