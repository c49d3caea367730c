/** What a reader sees of a page as text. */

import type { Page, PageElement } from './check.js'

const UNSEEN_TAGS = new Set(['head', 'title', 'style', 'script', 'template', 'noscript'])
const HIDDEN = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)/i
/** A word, or one character of a script that writes none between spaces. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}]+/gu

type Node = PageElement['node'] | PageElement['node']['childNodes'][number]

/** Text nodes in order, a space between any two; what is hidden by its own style or an ancestor's is left out. */
export function visibleText({ document }: Page): string {
  const runs: string[] = []
  const visit = (node: Node) => {
    if (node.nodeName === '#text' && 'value' in node) runs.push(node.value)
    if ('attrs' in node && isUnseen(node)) return
    if ('childNodes' in node) for (const child of node.childNodes) visit(child)
  }
  for (const child of document.childNodes) visit(child)
  return runs.join(' ')
}

function isUnseen({ tagName, attrs }: PageElement['node']): boolean {
  return UNSEEN_TAGS.has(tagName) || attrs.some(({ name, value }) => name === 'style' && HIDDEN.test(value))
}

/** In small letters. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(WORD) ?? []
}
