/** Typographic quotation marks, of the language that each Section is in. They never pair across blocks. */

import MarkdownIt, { type StateCore, type Token } from 'markdown-it'
import { headingOf, isSectionHeading } from './heading.js'
import { canonicalLanguage, quotesOf } from './language.js'

/** Where no space stands before an opening mark, markdown-it cannot tell it from a closing one. */
const WITHOUT_SPACES: ReadonlySet<string> = new Set(['ja', 'ko', 'zh'])

/** A core rule in the place of markdown-it's own, which knows one language a parser. `lang` is the Issue's. */
export function quoteSections(state: StateCore, lang: string): void {
  let run: Token[] = []
  let runLang = lang
  for (const token of state.tokens) {
    const next = isSectionHeading(token) ? (canonicalLanguage(headingOf(token).lang ?? '') ?? lang) : runLang
    if (next !== runLang) {
      quote(run, runLang)
      run = []
      runLang = next
    }
    run.push(token)
  }
  quote(run, runLang)
}

function quote(tokens: Token[], lang: string): void {
  const quotes = quotesOf(lang)
  if (WITHOUT_SPACES.has(new Intl.Locale(lang).language)) {
    const [open, close] = quotes
    for (const { children } of tokens) pairQuotes(children ?? [], [open, close])
  }
  const quoter = new MarkdownIt({ typographer: true, quotes: [...quotes] })
  quoter.core.ruler.enableOnly(['smartquotes'])
  const state = new quoter.core.State('', quoter, {})
  state.tokens = tokens
  quoter.core.process(state)
}

/** By turns opening and closing. An odd one out would turn the rest around, so then none is touched. */
function pairQuotes(children: readonly Token[], marks: readonly [string, string]): void {
  const texts = children.filter(({ type }) => type === 'text')
  const count = texts.reduce((sum, { content }) => sum + content.split('"').length - 1, 0)
  if (count % 2 === 1) return
  let seen = 0
  for (const text of texts) text.content = text.content.replace(/"/g, () => marks[seen++ % 2] ?? '"')
}
