/** A quote that ends with `{.pull}` is set large, apart from the text: `> We bought six years. {.pull}` */

import type { StateCore, Token } from 'markdown-it'

const PULL = /\s*(?<!\\)\{\.pull\}\s*$/

/** A core rule; it runs before inline text is parsed. */
export function pullQuoteRule(state: StateCore): void {
  const open: Token[] = []
  const emptied = new Set<Token>()
  for (const [index, token] of state.tokens.entries()) {
    if (token.type === 'blockquote_open') open.push(token)
    if (token.type !== 'blockquote_close') continue
    const quote = open.pop()
    const last = state.tokens.slice(index - 3, index)
    if (quote !== undefined && takePull(last, quote)) for (const empty of last) emptied.add(empty)
  }
  state.tokens = state.tokens.filter((token) => !emptied.has(token))
}

/** Marks the quote when its last paragraph says so; true when nothing is left of that paragraph. */
function takePull([before, inline]: readonly Token[], quote: Token): boolean {
  if (before?.type !== 'paragraph_open' || inline?.type !== 'inline' || !PULL.test(inline.content))
    return false
  const words = inline.content.replace(PULL, '')
  // A quote that holds nothing but the mark keeps it, to be found as a mark without effect.
  const isAlone = inline.map !== null && quote.map !== null && inline.map[0] === quote.map[0]
  if (words === '' && isAlone) return false
  quote.attrSet('class', 'pull')
  inline.content = words
  return words === ''
}
