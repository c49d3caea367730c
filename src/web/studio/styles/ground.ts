/**
 * Colours, type and plain elements of the studio. Every sheet beside this one uses these custom properties and keeps below
 * one class of its own.
 */

export const GROUND = `
:root { color-scheme: light dark; --paper: #ffffff; --ground: #f6f5f2; --ink: #1a1a1a; --quiet: #5c5850; --line: #d9d5cc; --edge: #85807a; --accent: #9b2226; --on-accent: #ffffff;
  --bad: #a31621; --warn: #8a5a00; --good: #1e6b37; --info: #24598f;
  --serif: Georgia, 'Iowan Old Style', 'Palatino Linotype', 'Times New Roman', serif;
  --sans: -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; --mono: ui-monospace, Consolas, Menlo, 'DejaVu Sans Mono', monospace; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161616; --ground: #0e0e0e; --ink: #e8e6e1; --quiet: #b0aca4; --line: #3a3834; --edge: #8a857c; --accent: #e5737a; --on-accent: #161616;
    --bad: #f28b82; --warn: #e0b050; --good: #7fc894; --info: #8ab8e8; }
}
* { box-sizing: border-box; }
html { background: var(--paper); -webkit-text-size-adjust: 100%; scrollbar-gutter: stable; }
body { margin: 0; color: var(--ink); font: 13px/20px var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
h1, h2, h3, p, ul, ol, dl, dd, figure, pre, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
ul, ol { list-style: none; }
h1, h2, h3 { font-size: inherit; font-weight: 600; }
h2 { color: var(--quiet); font-size: 12px; letter-spacing: 0.04em; }
a { color: inherit; text-decoration-color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
a:hover { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; border-radius: 2px; }
button, input, select, textarea { font: inherit; color: inherit; }
button { min-height: 28px; padding: 3px 10px; border: 1px solid var(--line); border-radius: 4px; background: none; cursor: pointer; }
button:hover { border-color: var(--edge); }
button.primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); font-weight: 600; }
button.primary:hover { text-decoration: underline; text-underline-offset: 0.2em; }
button.plain { min-height: 24px; padding: 1px 0; border: 0; text-decoration: underline; text-decoration-color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
button.primary:disabled { border-color: var(--line); background: none; }
button:disabled { color: var(--quiet); cursor: default; }
input:not([type=checkbox], [type=radio]), select, textarea { width: 100%; min-height: 28px; padding: 3px 8px; border: 1px solid var(--edge); border-radius: 4px; background: var(--paper); }
::placeholder { color: var(--quiet); opacity: 1; }
input[type=checkbox], input[type=radio] { width: 16px; height: 16px; margin: 0; accent-color: var(--accent); }
kbd { display: inline-block; min-width: 20px; padding: 0 5px; border: 1px solid var(--line); border-radius: 3px; background: var(--paper); color: var(--quiet); font: 11px/18px var(--mono); text-align: center; }
code, pre { font: 12px/18px var(--mono); }
table { border-collapse: collapse; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; scroll-behavior: auto !important; } }
`
