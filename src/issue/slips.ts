/** What was meant as a mark and became text: attributes where nothing takes them, references to no note, and the like. */

import type { Token } from 'markdown-it'
import { ATTRIBUTES_FORM } from './heading.js'
import { walk } from './walk.js'

/** At the end of a paragraph. */
const STRAY_MARK = /(?<!\\)\{[.#][\w-]+\}\s*$/
/** Anywhere: nobody writes these for readers. */
const STRAY_ATTRIBUTE = /(?<!\\)\{\s*(?:width|kicker|lang)=[^{}]*\}/
const FOOTNOTE = /(?<!\\)\[\^[^\s\]]+\]/
/** Two at least, since "#1" may be meant. */
const HEADING_WITHOUT_SPACE = /^#{2,6}[^\s#]/
const CODE = /(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g
const CLOSING_FENCE = /^[\s>]*(?:`{3,}|~{3,})\s*$/

interface Fault {
  readonly line: number
  readonly message: string
}

/** `source` has the same lines as the tokens' maps. */
export function findSlips(tokens: readonly Token[], source: string): readonly Fault[] {
  const lines = source.split('\n')
  const faults: Fault[] = []
  let block = ''
  for (const { token, line, inline } of walk(tokens)) {
    const message =
      token.type === 'inline'
        ? (describeInline(token) ?? (block === 'paragraph_open' ? describeStart(token) : null))
        : token.type === 'fence'
          ? describeFence(token, lines)
          : describeText(token, inline)
    if (message !== null) faults.push({ line, message })
    if (inline === null) block = token.type
  }
  return faults
}

function describeInline({ content, children }: Token): string | null {
  const last = children?.at(-1)
  const stray = STRAY_MARK.exec(content)?.[0].trim()
  return stray !== undefined && last?.type === 'text' && STRAY_MARK.test(last.content)
    ? `"${stray}" has no effect here; {.pull} ends a quote, {.button} a link, ${ATTRIBUTES_FORM} a "##" heading`
    : null
}

function describeStart({ content }: Token): string | null {
  const marks = HEADING_WITHOUT_SPACE.exec(content)?.[0].slice(0, -1)
  return marks === undefined ? null : `a heading wants a space behind "${marks}"`
}

/** A text token has lost its backslashes, so that what it shows is looked for in what was written. */
function describeText({ type, content }: Token, inline: Token | null): string | null {
  if (type !== 'text' || inline === null) return null
  const written = inline.content.replace(CODE, '')
  const attribute = STRAY_ATTRIBUTE.exec(content)?.[0]
  if (attribute !== undefined && STRAY_ATTRIBUTE.test(written))
    return `"${attribute}" has no effect here; it stands right behind what it is about, without a space`
  const reference = FOOTNOTE.exec(content)?.[0]
  if (reference !== undefined && FOOTNOTE.test(written))
    return `there is no footnote ${reference}; write ${reference}: and its text on a line of its own`
  return null
}

/** Without its end a block of code takes all that follows it, headings too. */
function describeFence({ map, markup }: Token, lines: readonly string[]): string | null {
  const last = map === null ? '' : (lines[map[1] - 1] ?? '')
  const isOneLine = map !== null && map[1] - map[0] < 2
  return CLOSING_FENCE.test(last) && !isOneLine
    ? null
    : `this block of code does not end; add a line ${markup} below it`
}
