/**
 * HTML as text: its tags and style sheets changed in place, all else left as it is. Reads each character about once, so
 * that a mail of 80 KB takes a few milliseconds; what it misses, the frame's policy still forbids.
 */

import { VOID_ELEMENTS } from '../../../compile/void-elements.js'

export interface Changes {
  /** A tag that opens something, from `<` to `>`. */
  readonly tag?: (tag: string) => string
  /** A whole `<style>` or `<script>`: its opening tag and what stands in it; null takes it out. */
  readonly raw?: (open: string, content: string) => { readonly open: string; readonly content: string } | null
}

export type Attributes = ReadonlyMap<string, string>

/** Longer ones are no tags. A picture may stand in its own address. */
const MAX_TAG = 500_000
/** Characters that may be read in vain, from what looks like a tag and never ends; keeps reading linear. */
const MAX_VAIN = 2_000_000
const NAME = /^<([a-z][a-z0-9:-]*)/i
const RAW = /^<(style|script)\b/i
/** HTML, section 13.2.5.52. */
const COMMENT_END = /--!?>/g
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/g

/** Comments stay as they are, and what stands in them. */
export function changeMarkup(html: string, { tag, raw }: Changes): string {
  let changed = ''
  let from = 0
  const put = (start: number, end: number, text: string) => {
    changed += html.slice(from, start) + text
    from = end
  }
  let vain = 0
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    if (html.startsWith('<!--', at)) {
      COMMENT_END.lastIndex = at + 2
      if (COMMENT_END.exec(html) === null) break
      at = COMMENT_END.lastIndex
      continue
    }
    const isTag = NAME.test(html.slice(at, at + 20))
    const end = isTag ? endOfTag(html, at) : -1
    if (end === -1) {
      if (isTag) vain += Math.min(MAX_TAG, html.length - at)
      if (vain > MAX_VAIN) break
      at += 1
      continue
    }
    const open = html.slice(at, end)
    const kind = RAW.exec(open)?.[1]
    if (kind === undefined) {
      const change = tag === undefined ? open : tag(open)
      if (change !== open) put(at, end, change)
      at = end
    } else {
      const [start, close] = endOfRaw(html, end, kind)
      if (raw !== undefined) {
        const change = raw(open, html.slice(end, start))
        put(at, close, change === null ? '' : `${change.open}${change.content}</${kind}>`)
      }
      at = close
    }
  }
  return changed + html.slice(from)
}

/** How deep its elements lie in each other at most, as far as tags tell. */
export function depthOf(html: string): number {
  let depth = 0
  let deepest = 0
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (slash === '/') depth = Math.max(0, depth - 1)
    else if (!VOID_ELEMENTS.has(name.toLowerCase())) depth += 1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

/** In small letters. */
export function nameOf(tag: string): string {
  return NAME.exec(tag)?.[1]?.toLowerCase() ?? ''
}

/** As they are written, entities and all; the first of a name counts. */
export function readAttributes(tag: string): Attributes {
  const found = new Map<string, string>()
  const inner = tag.slice(1 + nameOf(tag).length, -1)
  for (const [, name = '', double, single, bare] of inner.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase()
    if (!found.has(key)) found.set(key, double ?? single?.replaceAll('"', '&quot;') ?? bare ?? '')
  }
  return found
}

export function writeTag(name: string, attributes: Attributes): string {
  return `<${[name, ...[...attributes].map(([key, value]) => `${key}="${value}"`)].join(' ')}>`
}

/** -1: it is none. */
function endOfTag(html: string, at: number): number {
  let quote = ''
  for (let index = at + 1; index < html.length && index - at < MAX_TAG; index += 1) {
    const character = html.charAt(index)
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") {
      quote = character
    } else if (character === '>') {
      return index + 1
    }
  }
  return -1
}

/** Where the content ends and what closes it; both at the end of the text when nothing does. */
function endOfRaw(html: string, from: number, kind: string): readonly [number, number] {
  const close = new RegExp(`</${kind}[^>]{0,100}>`, 'gi')
  close.lastIndex = from
  const match = close.exec(html)
  return match === null ? [html.length, html.length] : [match.index, match.index + match[0].length]
}
