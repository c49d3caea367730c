/**
 * The URLs of an issue's Markdown, found without parsing it: a hundred times as fast, and the same URLs as its Links
 * have, but for what stands in code, which is found too.
 */

import MarkdownIt from 'markdown-it'

const WEB_URL = /https?:\/\/[^\s<>"`]+/gi
/** A link's own destination, `](…` or `](<…`, and a reference's, `]: …`. */
const DESTINATION = /\](?:\(<?|:\s*<?)$/
/** What ends a sentence, not a URL. */
const TRAILING = /[.,;:!?'*_~|\]}]+$/

const markdown = new MarkdownIt()

/** Each once, in the order of the text, normalised as markdown-it does. */
export function findUrls(source: string): readonly string[] {
  const urls = new Set<string>()
  for (const { 0: run, index } of source.matchAll(WEB_URL)) {
    const isDestination = DESTINATION.test(source.slice(Math.max(0, index - 8), index))
    const balanced = cutAtParenthesis(run)
    const url = isDestination ? markdown.utils.unescapeAll(balanced) : balanced.replace(TRAILING, '')
    urls.add(markdown.normalizeLink(url))
  }
  return [...urls]
}

/** Up to the first ")" that nothing in the URL opened: it is the Markdown's, or the sentence's. */
function cutAtParenthesis(run: string): string {
  let depth = 0
  for (let at = 0; at < run.length; at += 1) {
    if (run[at] === '\\') at += 1
    else if (run[at] === '(') depth += 1
    else if (run[at] === ')') {
      depth -= 1
      if (depth < 0) return run.slice(0, at)
    }
  }
  return run
}
