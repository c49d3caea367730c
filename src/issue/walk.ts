/** Tokens in reading order, each with its line: inline tokens have none of their own, so they are counted. */

import type { Token } from 'markdown-it'

export interface Step {
  readonly token: Token
  /** 1-based line in the file. */
  readonly line: number
  /** The block an inline token stands in; null for blocks. */
  readonly inline: Token | null
}

export function* walk(tokens: readonly Token[]): Generator<Step> {
  let line = 1
  for (const token of tokens) {
    // Cells of a table have no map; they stand on the line of their row.
    if (token.map) line = token.map[0] + 1
    yield { token, line, inline: null }
    if (token.type === 'inline') yield* walkInline(token, line)
  }
}

function* walkInline(inline: Token, firstLine: number): Generator<Step> {
  let line = firstLine
  for (const token of inline.children ?? []) {
    yield { token, line, inline }
    if (token.type === 'softbreak' || token.type === 'hardbreak') line++
  }
}

/** The words of inline tokens as plain text: what stands between the tags, without images. */
export function plainText(tokens: readonly Token[]): string {
  const words = tokens.map(({ type, content }) => {
    if (type === 'text' || type === 'code_inline') return content
    return type === 'softbreak' || type === 'hardbreak' ? ' ' : ''
  })
  return words.join('').replace(/\s+/g, ' ').trim()
}
