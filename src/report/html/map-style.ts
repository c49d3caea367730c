/**
 * Looks of what the click map adds to a mail. Whatever the mail says of all elements, these say `!important` after it; they
 * are elements of our own names, so that no rule of a template means them.
 */

const HUE = {
  light: {
    paper: ['#f6f5f2', '#f4dcdd', '#e7b4b7', '#bd545b', '#9b2226'],
    ink: ['#5c5850', '#1a1a1a', '#1a1a1a', '#ffffff', '#ffffff'],
  },
  dark: {
    paper: ['#2a2826', '#4a2a2d', '#74353a', '#d9656d', '#f29aa0'],
    ink: ['#b0aca4', '#f1dedf', '#ffffff', '#161616', '#161616'],
  },
} as const

function steps({
  paper,
  ink,
}: {
  readonly paper: readonly string[]
  readonly ink: readonly string[]
}): string {
  return paper
    .map(
      (ground, step) =>
        `pressrun-count[data-step='${step}'] { background: ${ground} !important; color: ${ink[step]} !important; }`,
    )
    .join('\n')
}

/** Room beside the sheet of 600 px for what stands at the margin. */
export const MAP_STYLE = `
:host { display: block; contain: layout paint; container-type: inline-size; }
.pressrun-sheet { position: relative; max-width: 752px; padding-right: 152px; }
.pressrun-sheet a { text-decoration-line: underline; }
pressrun-count, pressrun-share, pressrun-note, pressrun-share > b, pressrun-share > i { all: initial !important; font: 600 12px/1.35 -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif !important; font-variant-numeric: tabular-nums !important; direction: ltr !important; }
pressrun-count { display: inline !important; margin: 0 2px 0 4px !important; padding: 1px 6px !important; border-radius: 3px !important; unicode-bidi: isolate !important; white-space: nowrap !important; vertical-align: 1px !important; }
${steps(HUE.light)}
pressrun-share, pressrun-note { background: #ffffff !important; position: absolute !important; right: 0 !important; box-sizing: border-box !important; width: 136px !important; padding: 2px 0 2px 12px !important; border-left: 2px solid #9b2226 !important; text-align: left !important; color: #1a1a1a !important; }
pressrun-share > b { display: block !important; font-weight: 600 !important; font-size: 14px !important; color: #1a1a1a !important; }
pressrun-share > i { display: block !important; font-weight: 400 !important; color: #5c5850 !important; }
pressrun-note { border-left-color: #d9d5cc !important; font-weight: 400 !important; color: #5c5850 !important; }
.pressrun-unseen { position: absolute !important; width: 1px !important; height: 1px !important; overflow: hidden !important; clip-path: inset(50%) !important; white-space: nowrap !important; }
pressrun-note[data-within] { position: static !important; display: inline !important; width: auto !important; margin: 0 4px 0 2px !important; padding: 0 0 0 5px !important; }
@container (max-width: 735px) {
  .pressrun-sheet { padding-right: 0; }
  pressrun-share, pressrun-note { position: static !important; display: block !important; width: auto !important; margin: 0 0 8px !important; }
  pressrun-share > b, pressrun-share > i { display: inline !important; }
  pressrun-share > b { margin-right: 8px !important; }
}
@media (prefers-color-scheme: dark) {
${steps(HUE.dark)}
pressrun-share, pressrun-note { background: #161616 !important; }
pressrun-share { border-left-color: #e5737a !important; }
pressrun-note { border-left-color: #3a3834 !important; color: #b0aca4 !important; }
pressrun-share > b { color: #e8e6e1 !important; }
pressrun-share > i { color: #b0aca4 !important; }
}
`
