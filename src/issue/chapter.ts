/** An issue's tokens cut at its `##` headings, and a chapter's tokens cut into items. */

import type { Token } from 'markdown-it'
import { type Heading, headingOf, isSectionHeading } from './heading.js'
import type { Prose } from './issue.js'
import { plainText } from './walk.js'

/** What may be an item as it stands. */
const ITEM_BLOCKS: ReadonlySet<string> = new Set(['paragraph_open', 'figure_open', 'choice_open'])

/** A heading and what stands below it. */
export interface Chapter {
  readonly heading: Heading
  /** The heading as plain text. */
  readonly title: string
  /** 1-based line of the heading. */
  readonly line: number
  readonly body: Prose
}

/** One brief or entry: a paragraph, a list item, or a conditional passage with all it holds. */
export interface Item {
  readonly line: number
  readonly body: Prose
  readonly from: 'paragraph' | 'list'
}

/** `opening` is what stands before the first heading. */
export function cutChapters(tokens: readonly Token[]): { opening: Prose; chapters: readonly Chapter[] } {
  const starts = tokens.flatMap((token, index) => (isSectionHeading(token) ? [index] : []))
  const chapters = starts.map((start, index): Chapter => {
    const [open, inline] = [tokens[start], tokens[start + 1]]
    return {
      heading: headingOf(open),
      title: plainText(inline?.children ?? []),
      line: (open?.map?.[0] ?? 0) + 1,
      body: tokens.slice(start + 3, starts[index + 1]),
    }
  })
  return { opening: tokens.slice(0, starts[0]), chapters }
}

/** Items in order, and the lines of blocks that are neither paragraph nor list. */
export function cutItems(body: Prose): { items: readonly Item[]; strangers: readonly number[] } {
  const items: Item[] = []
  const strangers: number[] = []
  for (let start = 0; start < body.length; ) {
    const end = endOfBlock(body, start)
    const block = body.slice(start, end)
    const type = block[0]?.type ?? ''
    if (type.endsWith('_list_open')) items.push(...cutList(block))
    else if (ITEM_BLOCKS.has(type)) items.push({ line: lineOf(block), body: block, from: 'paragraph' })
    else strangers.push(lineOf(block))
    start = end
  }
  return { items, strangers }
}

function cutList(list: Prose): readonly Item[] {
  const items: Item[] = []
  for (let start = 1; start < list.length - 1; ) {
    const end = endOfBlock(list, start)
    const body = list.slice(start + 1, end - 1)
    items.push({ line: lineOf(list.slice(start)), body: body.map(liftOut), from: 'list' })
    start = end
  }
  return items
}

/** A token as it would be outside the list; paragraphs of a tight list are hidden within it. */
function liftOut(token: Token): Token {
  token.level -= 2
  if (token.level === 0) token.hidden = false
  return token
}

/** The index behind the block that begins at `start`: its closing token stands on the same level. */
function endOfBlock(tokens: Prose, start: number): number {
  const first = tokens[start]
  const isEnd = (token: Token) =>
    first?.type === 'choice_open'
      ? token.type === 'choice_close'
      : first?.nesting === 0 || (token.nesting === -1 && token.level === first?.level)
  const offset = tokens.slice(start).findIndex(isEnd)
  return offset === -1 ? tokens.length : start + offset + 1
}

function lineOf(tokens: Prose): number {
  return (tokens[0]?.map?.[0] ?? 0) + 1
}
