/** The local inboxes: their list at the left, and a message with its tabs. */

export const INBOX = `
.inbox-list search { display: block; padding: 8px 16px; }
.inbox-list .folders { display: flex; flex-wrap: wrap; gap: 8px; padding: 0 16px 8px; }
.inbox-list .folders button { min-height: 24px; padding: 1px 8px; color: var(--quiet); font-size: 12px; }
.inbox-list .folders button[aria-pressed='true'] { border-color: var(--edge); color: var(--ink); font-weight: 600; }
.inbox-list .rows li { border-top: 1px solid var(--line); }
.inbox-list .rows a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 8px; padding: 8px 16px; border-inline-start: 2px solid transparent; text-decoration: none; }
.inbox-list .rows a:hover { background: var(--ground); color: inherit; }
.inbox-list .rows a:focus-visible { outline-offset: -2px; }
.inbox-list .rows a[aria-current] { border-inline-start-color: var(--accent); background: var(--ground); }
.inbox-list .from { font-weight: 600; overflow-wrap: anywhere; }
.inbox-list time, .inbox-list .to { color: var(--quiet); font-size: 12px; }
.inbox-list .subject, .inbox-list .to { grid-column: 1 / -1; overflow-wrap: anywhere; }
.inbox-list .subject { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
.inbox-list .older { margin: 12px 16px; }
.inbox-list .none { padding: 12px 16px; color: var(--quiet); }
.inbox-list .test, .inbox-message .test { color: var(--info); font-weight: 600; }
.inbox-message { display: flex; flex-direction: column; min-height: 100%; background: var(--paper); }
.inbox-message .nothing { display: grid; gap: 12px; max-width: 56ch; padding: 32px 24px; }
.inbox-message .message-facts { display: grid; gap: 12px; padding: 20px 24px 16px; }
.inbox-message .message-facts h2 { color: var(--ink); font: 22px/28px var(--serif); letter-spacing: 0; overflow-wrap: anywhere; }
.inbox-message dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 16px; }
.inbox-message dt { color: var(--quiet); }
.inbox-message dd { overflow-wrap: anywhere; }
.inbox-message .notes { display: grid; gap: 4px; padding: 4px 12px; border-inline-start: 2px solid var(--warn); color: var(--warn); }
.inbox-message .parts { display: grid; gap: 4px; color: var(--quiet); }
.inbox-message .parts a { color: var(--ink); overflow-wrap: anywhere; }
.inbox-message .tabbed { display: flex; flex: 1; flex-direction: column; }
.inbox-message .tabs { display: flex; flex-wrap: wrap; gap: 0 20px; padding: 0 24px; border-bottom: 1px solid var(--line); }
.inbox-message .tabs button { min-height: 32px; padding: 5px 0 4px; border: 0; border-bottom: 2px solid transparent; border-radius: 0; color: var(--quiet); }
.inbox-message .tabs button:hover { color: var(--ink); }
.inbox-message .tabs button[aria-selected='true'] { border-bottom-color: var(--accent); color: var(--ink); font-weight: 600; }
.inbox-message .count { font-weight: 400; }
.inbox-message .panel { flex: 1; }
.inbox-message .inbox-modes { padding: 6px 16px; border-bottom: 1px solid var(--line); }
.inbox-message .groups { display: flex; flex-wrap: wrap; gap: 4px 24px; }
.inbox-message .simulated { display: grid; gap: 4px; max-width: 100ch; padding: 0 8px; color: var(--quiet); font-size: 12px; }
.inbox-message .simulated:not(:empty) { padding-block: 6px 2px; }
.inbox-message .simulated p { overflow-wrap: anywhere; }
.inbox-message .ground { background: var(--ground); }
.inbox-message .sheet-of-mail { margin: 0 auto; }
.inbox-message iframe.mail { display: block; width: 100%; min-height: 320px; border: 0; background: #ffffff; color-scheme: light; }
.inbox-message .clicked { position: sticky; bottom: var(--foot, 0px); border-top: 1px solid var(--line); background: var(--paper); }
.inbox-message .clicked:empty { display: none; }
.inbox-message .clicked .link { padding: 12px 24px; }
.inbox-message .link { display: grid; gap: 2px; max-width: 88ch; }
.inbox-message .words { font-weight: 600; }
.inbox-message .url { overflow-wrap: anywhere; font: 12px/18px var(--mono); }
.inbox-message .through, .inbox-message .what { color: var(--quiet); }
.inbox-message .what a { color: var(--ink); white-space: nowrap; }
.inbox-message .links li { padding: 12px 24px; border-bottom: 1px solid var(--line); }
.inbox-message .panel > .none { padding: 16px 24px; color: var(--quiet); }
.inbox-message pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.inbox-message pre.text, .inbox-message pre.raw { max-width: calc(90ch + 48px); padding: 16px 24px; }
.inbox-message .sources > p { padding: 12px 24px 0; color: var(--quiet); }
.inbox-message .sources a { color: var(--ink); }
.inbox-message .headers section { display: grid; gap: 4px; max-width: 88ch; padding: 16px 24px; }
.inbox-message .headers h3 { margin-top: 4px; color: var(--quiet); font-size: 12px; letter-spacing: 0.04em; }
.inbox-message .headers section p { overflow-wrap: anywhere; }
.inbox-message .fields li { display: grid; grid-template-columns: 176px minmax(0, 1fr); gap: 0 16px; padding: 8px 24px; border-top: 1px solid var(--line); }
.inbox-message .fields b { overflow-wrap: anywhere; font-weight: 600; }
.inbox-message .reads { overflow-wrap: anywhere; }
@media (max-width: 699px) {
  .inbox-message .fields li { grid-template-columns: minmax(0, 1fr); }
  .inbox-message .message-facts, .inbox-message .tabs, .inbox-message .links li, .inbox-message .fields li { padding-inline: 16px; }
}
`
