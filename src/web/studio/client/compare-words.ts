/** What differs in words: lines beside the text, links, and the text with what is the same folded away. */

import type { ComparisonView, DiffBlock, LinkChange } from '../versions/api.js'
import { make } from './dom.js'

/** Paragraphs that are shown before and after a change. */
const CONTEXT = 1

/** Subject, preheader and the like, and links; null when none of them differs. */
export function showLines({ lines, links }: ComparisonView): HTMLElement | null {
  if (lines.length + links.length === 0) return null
  return make(
    'dl',
    { class: 'lines' },
    ...lines.flatMap(({ what, pieces }) => [make('dt', {}, what), make('dd', {}, ...piecesOf(pieces))]),
    ...(links.length === 0
      ? []
      : [make('dt', {}, 'Links'), make('dd', {}, make('ul', {}, ...links.map(linkOf)))]),
  )
}

export function showText({ text }: ComparisonView): HTMLElement {
  const parts: HTMLElement[] = []
  let same: DiffBlock[] = []
  const fold = (isEnd: boolean) => {
    const head = parts.length === 0 ? 0 : CONTEXT
    const tail = isEnd ? 0 : CONTEXT
    const hidden = same.slice(head, Math.max(head, same.length - tail))
    if (hidden.length < 2 || (parts.length === 0 && isEnd)) parts.push(...same.map(blockOf))
    else
      parts.push(
        ...same.slice(0, head).map(blockOf),
        make(
          'details',
          {},
          make('summary', {}, `${hidden.length} paragraphs are the same`),
          ...hidden.map(blockOf),
        ),
        ...same.slice(same.length - tail).map(blockOf),
      )
    same = []
  }
  for (const block of text) {
    if (block.every(({ kind }) => kind === 'same')) same.push(block)
    else {
      fold(false)
      parts.push(blockOf(block))
    }
  }
  fold(true)
  return make('div', { class: 'words', role: 'region', 'aria-label': 'Text, compared' }, ...parts)
}

function blockOf(block: DiffBlock): HTMLElement {
  const isChanged = block.some(({ kind }) => kind !== 'same')
  return make('p', { class: isChanged ? 'changed' : null }, ...piecesOf(block))
}

/** `ins` and `del`, which are read out as such. */
function piecesOf(block: DiffBlock): readonly (HTMLElement | string)[] {
  return block.map(({ kind, text }) => {
    if (kind === 'same') return text
    return make(kind === 'added' ? 'ins' : 'del', {}, text)
  })
}

function linkOf({ kind, words, url, was }: LinkChange): HTMLElement {
  const name = make('span', { class: 'link-words' }, words || 'A link without words')
  switch (kind) {
    case 'added':
      return make('li', {}, name, ' is new: ', make('ins', {}, url))
    case 'removed':
      return make('li', {}, name, ' is gone: ', make('del', {}, url))
    case 'changed':
      return make('li', {}, name, ' leads elsewhere: ', make('del', {}, was ?? ''), ' ', make('ins', {}, url))
  }
}
