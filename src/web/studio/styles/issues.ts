/** All issues: the table of them, the narrow list beside an open one, and the sheet for a new one. */

export const ISSUES = `
.issues-view { min-height: 100%; background: var(--paper); }
.issues-view search { position: sticky; top: var(--head); z-index: 1; display: flex; gap: 16px; align-items: center; height: 53px; padding: 12px 24px; background: var(--paper); }
.issues-view search input { max-width: 360px; }
.issues-view search button { flex: none; }
.issues-view .counted { flex: 1; color: var(--quiet); }
.issues-view table { width: 100%; }
.issues-view th { position: sticky; top: calc(var(--head) + 53px); padding: 4px 12px; border-bottom: 1px solid var(--line); background: var(--paper); color: var(--quiet); font-size: 12px; font-weight: 600; text-align: start; white-space: nowrap; }
.issues-view td { padding: 10px 12px; border-bottom: 1px solid var(--line); vertical-align: top; }
.issues-view tbody tr { cursor: pointer; }
.issues-view tbody tr:hover, .issues-view tbody tr:focus-within { background: var(--ground); }
.issues-view :is(th, td):first-child { padding-inline-start: 24px; }
.issues-view :is(th, td):last-child { padding-inline-end: 24px; }
.issues-view .number { width: 64px; color: var(--quiet); text-align: end; }
.issues-view .day { width: 164px; }
.issues-view td.state { width: 176px; }
.issues-view td.state time { display: block; color: var(--quiet); font-size: 12px; }
.issues-view td.lists { width: 16%; color: var(--quiet); overflow-wrap: anywhere; }
.issues-view td.findings { width: 164px; }
.issues-view .unsent .lists { display: none; }
.issues-view .issue { font: 16px/22px var(--serif); text-decoration: none; }
.issues-view .issue:hover { text-decoration: underline; text-decoration-color: var(--accent); text-decoration-thickness: 1px; }
.issues-view .subject { color: var(--quiet); }
.issues-view .problem { color: var(--bad); overflow-wrap: anywhere; }
.issues-view .problem .place { font: 12px/18px var(--mono); }
.issues-view .empty { padding: 72px 24px; color: var(--quiet); text-align: center; }
.issues-view time .exact, .issue-list time .exact { display: none; }
.issues-view tr:is(:hover, :focus-within) .exact, .issue-list a:is(:hover, :focus-visible) .exact { display: inline; }
.issues-view tr:is(:hover, :focus-within) .about, .issue-list a:is(:hover, :focus-visible) .about { display: none; }
.issues-view .state, .issue-list .state { white-space: nowrap; }
span.state::before { content: ''; display: inline-block; width: 8px; height: 8px; margin-inline-end: 6px; border: 1px solid var(--mark, var(--edge)); border-radius: 50%; background: var(--mark, transparent); }
span.state[data-state='scheduled'], span.state[data-state='preparing'], span.state[data-state='sending'] { --mark: var(--info); }
span.state[data-state='scheduled']::before { background: transparent; }
span.state[data-state='waiting'], span.state[data-state='paused'] { --mark: var(--warn); }
span.state[data-state='finished'] { --mark: var(--good); }
span.state[data-state='cancelled'] { --mark: var(--line); }
span.findings { color: var(--quiet); }
span.findings[data-worst='error'] { color: var(--bad); font-weight: 600; }
span.findings[data-worst='warn'] { color: var(--warn); }
.issue-list search { display: flex; gap: 8px; padding: 8px 16px; }
.issue-list search button { flex: none; }
.issue-list li { border-top: 1px solid var(--line); }
.issue-list a { display: grid; gap: 0; padding: 8px 16px; border-inline-start: 2px solid transparent; text-decoration: none; }
.issue-list a:hover { background: var(--ground); color: inherit; }
.issue-list a:focus-visible { outline-offset: -2px; }
.issue-list a[aria-current] { border-inline-start-color: var(--accent); background: var(--ground); }
.issue-list .title { font: 14px/19px var(--serif); overflow-wrap: anywhere; }
.issue-list .facts { display: flex; flex-wrap: wrap; gap: 0 8px; color: var(--quiet); font-size: 12px; line-height: 18px; }
.issue-list .none { padding: 8px 16px; color: var(--quiet); }
.new-issue { width: min(420px, calc(100vw - 32px)); padding: 20px 24px; border: 1px solid var(--edge); border-radius: 4px; background: var(--paper); color: var(--ink); }
.new-issue::backdrop { background: rgb(0 0 0 / 0.3); }
.new-issue form { display: grid; gap: 12px; }
.new-issue h2 { color: var(--ink); font: 700 17px/28px var(--serif); letter-spacing: 0; }
.new-issue label { display: grid; gap: 4px; color: var(--quiet); font-size: 12px; }
.new-issue label > * { color: var(--ink); font-size: 13px; }
.new-issue .facts { color: var(--quiet); font-size: 12px; }
.new-issue .trouble { color: var(--bad); white-space: pre-line; }
.new-issue .trouble:empty { display: none; }
.new-issue .acts { display: flex; gap: 12px; justify-content: flex-end; }
@media (max-width: 899px) { .issues-view :is(th, td).lists { display: none; } }
@media (max-width: 699px) {
  .issues-view :is(th, td):is(.number, .findings) { display: none; }
  .issues-view .day, .issues-view td.state { width: auto; }
  .issues-view search { gap: 8px; padding: 12px 16px; }
  .issues-view .counted { display: none; }
}
`
