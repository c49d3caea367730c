/** What the studio adds to the head of what stands in a frame: its ground, its boxes for what is not loaded, and that links lead nowhere. */

import { NOT_LOADED } from './pictures.js'

export interface Ground {
  readonly scheme: 'light' | 'dark'
  /** Of a page that paints none itself; CSS colours. */
  readonly ground: string
  /** Null: the browser's own. */
  readonly text: string | null
  readonly link: string | null
}

export interface Surroundings {
  /** Of a body that says nothing: browsers have one, a mail program puts a mail into a place of its own. */
  readonly margin?: 'browser' | 'none'
  /** A sentence of the studio's own, above the mail. */
  readonly note?: string | null
}

/** As browsers have it. */
export function usualGround(scheme: 'light' | 'dark'): Ground {
  return { scheme, ground: 'Canvas', text: null, link: null }
}

const BOXES = [
  `${NOT_LOADED}{display:inline-block;box-sizing:border-box;max-width:100%;overflow:hidden;vertical-align:middle;outline:1px solid #8a867e!important;outline-offset:-1px!important;padding:4px 6px}`,
  `${NOT_LOADED}[data-alt=empty],${NOT_LOADED}[data-alt=none]{outline-style:dashed!important}`,
  `${NOT_LOADED}[data-elsewhere]{font:12px/1.4 sans-serif;opacity:.8}`,
  '[data-vml]{box-sizing:border-box;outline:1px dashed #8a867e;outline-offset:-1px}',
  // Behind what follows, as far as a browser has it.
  '[data-vml=behind]{position:absolute;pointer-events:none;text-align:right}',
  '[data-vml]:empty::before{content:"Drawn by Word: " attr(data-shape);padding:1px 4px;background:#f6f5f2;color:#1a1a1a;font:12px/1.4 sans-serif}',
]

/**
 * Adds it where the head begins. A link would open a new window, which the frame's sandbox forbids, so that a click
 * that nobody else takes does nothing.
 */
export function addFrameHead(
  html: string,
  { scheme, ground, text, link }: Ground,
  { margin = 'browser', note = null }: Surroundings = {},
): string {
  // A ground of the root would keep the body's from reaching the whole window.
  const root = [
    `color-scheme:only ${scheme}!important`,
    ...(hasGround(html) ? [] : [`background-color:${ground}`]),
    ...(text === null ? [] : [`color:${text}`]),
  ]
  const styles = [
    `:root{${root.join(';')}}`,
    ...(link === null ? [] : [`:where(a:link){color:${link}}`]),
    ...(margin === 'none' ? [':where(body){margin:0}'] : []),
    ...(note === null
      ? []
      : [`body::before{display:block;padding:8px;font:13px/1.4 sans-serif;content:"${note}"}`]),
    ...BOXES,
  ]
  const added = `<base target="_blank"><style data-studio>${styles.join('')}</style>`
  const place = /<head\b[^>]{0,1000}>|<html\b[^>]{0,4000}>|<!doctype\b[^>]{0,1000}>/gi
  const found = html.slice(0, 20_000).match(place) ?? []
  const after = found.find((tag) => /^<head/i.test(tag)) ?? found.at(-1)
  if (after === undefined) return added + html
  const at = html.indexOf(after) + after.length
  return html.slice(0, at) + added + html.slice(at)
}

/** Whether body or html say what lies below them. */
function hasGround(html: string): boolean {
  return (
    /<(?:body|html)\b[^>]{0,4000}\b(?:bgcolor|background)/i.test(html) ||
    /(?:^|[\s,}])(?:body|html|:root)\s*(?:,[^{}]{0,400})?\{[^}]{0,4000}background/i.test(html)
  )
}
