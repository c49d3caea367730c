/**
 * The shell of every public page: small, without script and without anything from elsewhere. `Html` is text that may
 * stand in a page as it is; only `html` makes it, and it escapes whatever it is given.
 */

import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { escapeHtml } from '../compile/escape.js'
import type { WebEnv } from './env.js'

export interface Html {
  readonly html: string
}

/** Template tag: every value is escaped, but for Html and lists of it. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const text = strings.map((string, index) => (index === 0 ? string : write(values[index - 1]) + string))
  return { html: text.join('') }
}

type HtmlValue = string | number | Html | readonly Html[] | null | undefined

function write(value: HtmlValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  return 'html' in value ? value.html : value.map(write).join('')
}

/** What a page shows of the publication. */
export interface Face {
  readonly name: string
  /** `#rrggbb`, on light and on dark ground. */
  readonly accent: string
  readonly accentDark: string
}

export interface Page {
  /** BCP 47 tag. */
  readonly lang: string
  /** Null where the publication isn't known. */
  readonly face: Face | null
  readonly heading: string
  readonly body: Html
  /** More for the document's head: links to feeds and the like. */
  readonly head?: Html
}

/** The page with its own Content-Security-Policy. */
export function answerPage(c: Context<WebEnv>, page: Page, status: ContentfulStatusCode = 200): Response {
  c.header('Content-Security-Policy', pagePolicy(page.face))
  return c.html(writePage(page), status)
}

/** The whole document. */
export function writePage({ lang, face, heading, body, head }: Page): string {
  const title = face === null ? heading : `${heading} · ${face.name}`
  const masthead = face === null ? null : html`<header class="masthead">${face.name}</header>\n`
  const colors = face === null ? null : html`\n<style>${{ html: brandStyle(face) }}</style>`
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${{ html: STYLE }}</style>${colors}${head}
</head>
<body>
${masthead}<main>
<h1>${heading}</h1>
${body}
</main>
</body>
</html>
`.html
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1a1a; --quiet: #5c5850; --ground: #f6f5f2; --line: #d9d5cc; --accent: #9b2226; --on-accent: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e6e1; --quiet: #a8a39a; --ground: #161616; --line: #3a3835; --accent: #e5737a; --on-accent: #161616; }
}
* { box-sizing: border-box; }
html { background: var(--ground); -webkit-text-size-adjust: 100%; }
body { max-width: 37rem; margin: 0 auto; padding: clamp(32px, 10vh, 96px) 20px 48px; color: var(--ink);
  font: 17px/1.6 -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; font-variant-numeric: tabular-nums; }
.masthead, h1, .title { font-family: Georgia, 'Iowan Old Style', 'Palatino Linotype', 'Times New Roman', serif; }
.masthead { margin: 0 0 40px; padding: 0 0 12px; border-bottom: 2px solid var(--accent); font-size: 20px; line-height: 1.3; overflow-wrap: anywhere; }
h1 { margin: 0 0 12px; font-size: clamp(26px, 5.5vw, 32px); font-weight: 700; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: break-word; hyphens: auto; text-wrap: balance; }
main:only-child { padding-top: 40px; border-top: 2px solid var(--accent); }
p { margin: 0 0 28px; color: var(--quiet); text-wrap: pretty; }
a { color: inherit; text-decoration-color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
a:hover { color: var(--accent); }
button { min-height: 48px; padding: 10px 28px; border: 0; border-radius: 4px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
ul { margin: 28px 0 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
li { padding: 16px 0; border-bottom: 1px solid var(--line); }
.title { display: block; font-size: 20px; line-height: 1.35; text-wrap: pretty; }
.facts { color: var(--quiet); font-size: 14px; }
@media (max-width: 480px) { button { width: 100%; } }
@media print { button { display: none; } }
`

const COLOR = /^#[0-9a-f]{6}$/i

/** The publication's accent in place of ours. */
function brandStyle({ accent, accentDark }: Face): string {
  if (!COLOR.test(accent) || !COLOR.test(accentDark)) return ''
  return `:root{--accent:${accent}}@media (prefers-color-scheme:dark){:root{--accent:${accentDark}}}`
}

/** Content-Security-Policy of these pages: their own styles by hash, pictures and forms of ours, and nothing else. */
export function pagePolicy(face: Face | null): string {
  const styles = face === null ? [STYLE] : [STYLE, brandStyle(face)]
  return [
    "default-src 'none'",
    `style-src ${styles.map(hashSource).join(' ')}`,
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function hashSource(style: string): string {
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`
}

export const PAGE_CSP = pagePolicy(null)
