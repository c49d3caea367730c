/** Findings: the list beside the picture, the marks in its gutter, and what is outlined in it. */

export const FINDINGS = `
.findings .state { margin-bottom: 8px; color: var(--quiet); }
.findings.old li > button { color: var(--quiet); }
.findings h3, .findings summary { display: flex; gap: 8px; align-items: center; margin-top: 12px; padding-bottom: 4px; border-bottom: 1px solid var(--line); font-weight: 600; }
.findings summary { cursor: pointer; list-style-position: inside; }
.findings h3::before, .findings summary::before, .picture-layer .mark::before { content: ''; flex: none; width: 10px; height: 10px; background: currentcolor; }
.findings .error > h3::before, .mark[data-severity='error']::before { color: var(--bad); }
.findings .warn > h3::before, .mark[data-severity='warn']::before { color: var(--warn); clip-path: polygon(50% 0, 100% 100%, 0 100%); }
.findings .info > h3::before, .mark[data-severity='info']::before { color: var(--info); border-radius: 50%; }
.findings .waived > summary::before { height: 2px; color: var(--quiet); }
.findings li { padding: 6px 0 7px; border-bottom: 1px solid var(--line); }
.findings li > button { display: block; width: 100%; min-height: 24px; padding: 2px 0; border: 0; border-radius: 2px; text-align: start; }
.findings li > button:hover { text-decoration: underline; text-decoration-color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
.findings li > p { color: var(--quiet); font-size: 12px; line-height: 18px; }
.findings .where { display: flex; gap: 12px; }
.findings abbr { text-decoration: none; }
.findings .place { min-width: 0; overflow-wrap: anywhere; }
.picture-layer { position: absolute; inset: 0; z-index: 0; pointer-events: none; }
.picture-layer .mark { position: absolute; left: -22px; display: flex; gap: 2px; align-items: center; justify-content: center; width: 20px; height: 24px; min-height: 0; padding: 0; border: 0; background: none; pointer-events: auto; }
.picture-layer .mark span { color: var(--quiet); font-size: 10px; line-height: 24px; }
.picture-layer .outline { position: absolute; margin: -4px; box-sizing: content-box; padding: 2px; border: 2px solid var(--accent); border-radius: 4px; outline: 1px solid var(--paper); }
.picture-layer .outline span { position: absolute; inset-block-end: 100%; inset-inline-start: -2px; padding: 0 6px; border-radius: 4px; background: var(--accent); color: var(--on-accent); font-size: 11px; line-height: 18px; }
@media (max-width: 699px) { .picture-layer .mark { left: -15px; width: 14px; } .picture-layer .mark span { display: none; } }
@media (forced-colors: active) { .findings h3::before, .picture-layer .mark::before { forced-color-adjust: none; } }
`
