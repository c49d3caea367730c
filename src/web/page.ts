/**
 * The shell of every public page: small, without script and without anything from elsewhere. `Html` is text that may
 * stand in a page as it is; only `html` makes it, and it escapes whatever it is given.
 */

import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { escapeHtml } from '../compile/escape.js'
import { directionOf } from '../issue/language.js'
import { READER_LANGUAGES, readerLanguage } from '../issue/reader-language.js'
import type { WebEnv } from './env.js'
import { STYLE } from './style.js'
import { SHELL_WORDS } from './words/shell.js'

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
  readonly tagline: string | null
  /** BCP 47 tag of its name and tagline. */
  readonly lang: string
  /** `#rrggbb`, on light and on dark ground. */
  readonly accent: string
  readonly accentDark: string
  /** Font lists as CSS writes them. */
  readonly fontHeading: string
  readonly fontText: string
  /** One entry a line. */
  readonly postalAddress: readonly string[]
  /** Absolute, without a trailing slash; null where nobody has told. */
  readonly home: string | null
  /** Where a reader may subscribe; null where no List is open. */
  readonly subscribe: string | null
}

export interface Page {
  /** BCP 47 tag. */
  readonly lang: string
  /** Null where the publication isn't known. */
  readonly face: Face | null
  readonly heading: string
  readonly body: Html
  /** One sentence for search engines; the publication's tagline when not given. */
  readonly description?: string
  /** More for the document's head: links to feeds and the like. */
  readonly head?: Html
  /** `front`: the publication's name is what is large. */
  readonly kind?: 'front'
  /** It heeds `?lang=` (`language.ts`), so its foot offers the others. */
  readonly languages?: 'offered'
}

/** The page with its own Content-Security-Policy. */
export function answerPage(c: Context<WebEnv>, page: Page, status: ContentfulStatusCode = 200): Response {
  c.header('Content-Security-Policy', pagePolicy(page.face))
  // What a form has answered can't be opened again in another language.
  const isOpened = c.req.method === 'GET' || c.req.method === 'HEAD'
  return c.html(writePage(page, isOpened ? new URL(c.req.url).searchParams : null), status)
}

/** The whole document. `query` is what it was opened with; null where it can't be opened again. */
export function writePage(page: Page, query: URLSearchParams | null = null): string {
  const { lang, face, heading, body, head, kind } = page
  const colors = face === null ? null : html`\n<style>${{ html: brandStyle(face) }}</style>`
  return html`<!doctype html>
<html lang="${lang}"${directionOf(lang) === 'rtl' ? { html: ' dir="rtl"' } : null}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${titleOf(page)}</title>${descriptionOf(page)}${iconLink(face)}
<style>${{ html: STYLE }}</style>${colors}${head}
</head>
<body${kind === 'front' ? { html: ' class="front"' } : null}>
${face && masthead(face, page)}<main>
<h1>${heading}</h1>
${body}
</main>
${face && foot(face, page, query)}</body>
</html>
`.html
}

function descriptionOf({ description, face }: Page): Html | null {
  const said = description ?? face?.tagline ?? face?.name ?? ''
  return said === '' ? null : html`\n<meta name="description" content="${said}">`
}

/** Within a page that may run the other way. */
function tongueOf(lang: string): Html {
  return html`lang="${lang}" dir="${directionOf(lang)}"`
}

/** Of the publication; without one a browser asks for a file that is not there. */
export function iconLink(face: Face | null): Html | null {
  const home = face?.home ?? null
  return home === null ? null : html`\n<link rel="icon" href="${home}/icon.svg" type="image/svg+xml">`
}

function titleOf({ face, heading, kind }: Page): string {
  if (face === null) return heading
  if (kind === 'front') return face.tagline === null ? face.name : `${face.name}: ${face.tagline}`
  return `${heading} · ${face.name}`
}

function masthead({ name, tagline, lang, home, subscribe }: Face, page: Page): Html {
  const linked = home === null ? html`${name}` : html`<a href="${home}/">${name}</a>`
  const below = tagline === null ? null : html`<p class="tagline">${tagline}</p>\n`
  const invitation =
    page.kind === 'front' && subscribe !== null
      ? html`<p class="actions" ${tongueOf(page.lang)}><a class="button" href="${subscribe}">${
          SHELL_WORDS[readerLanguage(page.lang)].subscribe
        }</a></p>\n`
      : null
  return html`<header class="masthead" ${tongueOf(lang)}>
<p class="name">${linked}</p>
${below}${invitation}</header>\n`
}

function foot(
  { postalAddress, lang: tongue, home, subscribe }: Face,
  page: Page,
  query: URLSearchParams | null,
): Html {
  const words = SHELL_WORDS[readerLanguage(page.lang)]
  const lines = postalAddress.map((line, index) => html`${index === 0 ? null : html`<br>`}${line}`)
  const links = [
    ...(home === null ? [] : [html`<a href="${home}/">${words.issues}</a>\n`]),
    ...(subscribe === null ? [] : [html`<a href="${subscribe}">${words.subscribe}</a>\n`]),
  ]
  const tongues = page.languages === 'offered' && query !== null ? languageLinks(page.lang, query) : []
  return html`<footer class="foot">
${lines.length === 0 ? null : html`<address ${tongueOf(tongue)}>${lines}</address>\n`}${
  links.length === 0 ? null : html`<nav aria-label="${words.publication}">\n${links}</nav>\n`
}${tongues.length === 0 ? null : html`<nav aria-label="${words.languages}">\n${tongues}</nav>\n`}</footer>\n`
}

/** To this page, each in its own language. */
function languageLinks(current: string, query: URLSearchParams): readonly Html[] {
  return READER_LANGUAGES.map((lang) => {
    const wanted = new URLSearchParams(query)
    wanted.set('lang', lang)
    const isCurrent = readerLanguage(current) === lang ? { html: ' aria-current="true"' } : null
    return html`<a href="?${wanted.toString()}" lang="${lang}" hreflang="${lang}" rel="nofollow"${isCurrent}>${SHELL_WORDS[lang].name}</a>\n`
  })
}

const COLOR = /^#[0-9a-f]{6}$/i
/** As `readFonts` writes them: nothing that could end a declaration. */
const FONTS = /^[\p{L}\p{N} ,'_-]+$/u

/** The publication's accent and fonts in place of ours. */
function brandStyle({ accent, accentDark, fontHeading, fontText }: Face): string {
  if (!COLOR.test(accent) || !COLOR.test(accentDark)) return ''
  const areFonts = FONTS.test(fontHeading) && FONTS.test(fontText)
  const fonts = areFonts ? `;--heading:${fontHeading};--text:${fontText}` : ''
  return `:root{--accent:${accent}${fonts}}@media (prefers-color-scheme:dark){:root{--accent:${accentDark}}}`
}

/** Content-Security-Policy of these pages: their own styles by hash, pictures and forms of ours, and nothing else. */
export function pagePolicy(face: Face | null): string {
  const styles = face === null ? [STYLE] : [STYLE, brandStyle(face)]
  return [
    "default-src 'none'",
    `style-src ${styles.map(hashSource).join(' ')}`,
    "img-src 'self'",
    "form-action 'self'",
    // Nothing here connects; a browser's own look at robots.txt counts as the page's.
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function hashSource(style: string): string {
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`
}

export const PAGE_CSP = pagePolicy(null)
