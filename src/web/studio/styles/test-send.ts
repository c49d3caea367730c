/** The dialog of a test send. */

export const TEST_SEND = `
.test-send { width: min(520px, calc(100vw - 32px)); max-height: calc(100vh - 64px); padding: 20px 24px 24px; overflow: auto; border: 1px solid var(--edge); border-radius: 4px; background: var(--paper); color: var(--ink); }
.test-send::backdrop { background: rgb(0 0 0 / 0.32); }
.test-send form > h2 { margin-bottom: 4px; color: var(--ink); font: 600 17px/24px var(--serif); letter-spacing: 0; }
.test-send .where, .test-send .what { color: var(--quiet); text-wrap: pretty; }
.test-send label { display: block; margin: 16px 0 4px; font-weight: 600; }
.test-send .what { margin-top: 8px; }
.test-send .acts { display: flex; gap: 8px; margin-top: 20px; }
.test-send .answer:not(:empty) { margin-top: 20px; padding-top: 16px; border-top: 1px solid var(--line); }
.test-send .answer h3 { margin-bottom: 8px; }
.test-send .answer li { display: grid; grid-template-columns: minmax(0, 1.4fr) minmax(0, 1fr) auto auto; gap: 0 12px; padding: 4px 0; border-top: 1px solid var(--line); }
.test-send .answer .variant, .test-send .answer .reply { color: var(--quiet); }
.test-send .answer .reply { grid-column: 1 / -1; font: 12px/18px var(--mono); }
.test-send .state { color: var(--good); }
.test-send [data-state='refused'] .state, .test-send [data-state='unsent'] .state, .test-send .refused { color: var(--bad); }
.test-send [data-state='uncertain'] .state { color: var(--warn); }
@media (max-width: 479px) {
  .test-send .answer li { grid-template-columns: minmax(0, 1fr) auto auto; }
  .test-send .answer .to { grid-column: 1 / -1; }
}
`
