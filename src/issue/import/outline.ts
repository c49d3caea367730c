/**
 * Blocks as an issue is built: an opening, then Sections under `##`. Headings keep their order of rank; none is left
 * without a text below it, within a list or a quote, or with a link in it.
 */

import {
  type Block,
  type Heading,
  type Note,
  type Paragraph,
  PLAIN,
  type Run,
  runsOf,
  wordsOf,
} from './flow.js'
import { quoted } from './flow-context.js'
import { kindOfHeading } from './named-section.js'

export interface Outline {
  /** Its headings are of level 2 (a Section) and deeper. */
  readonly blocks: readonly Block[]
  readonly notes: readonly Note[]
}

/** `title` is the issue's: a heading above all others that only says it again is taken out. */
export function outlineOf(blocks: readonly Block[], title: string): Outline {
  const notes: Note[] = []
  const footnotes = blocks.flatMap((block) => (block.kind === 'note' ? [rank(block, [])] : []))
  const text = blocks.filter(({ kind }) => kind !== 'note')
  const headed = withoutTitle(text.flatMap(splitHeading), title)
  const ranks = [...new Set(headed.filter(isHeading).map(({ level }) => level))].sort((a, b) => a - b)
  const ranked = headed.map((block) => rank(block, ranks))
  const filled = ranked.map((block, index) => (isEmptySection(ranked, index) ? demote(block, notes) : block))
  const named = filled.map((block, index) =>
    isNamed(block) ? name(block, sectionBelow(filled, index)) : block,
  )
  const hasSection = named.some(isSection)
  const sections = hasSection || named.length === 0 ? named : [headingOf(title), ...named]
  return { blocks: [...sections, ...footnotes], notes }
}

function isHeading(block: Block): block is Heading {
  return block.kind === 'heading'
}

function isSection(block: Block): block is Heading {
  return isHeading(block) && block.level === 2
}

function headingOf(title: string): Heading {
  return { kind: 'heading', level: 2, runs: [bare(title)], attributes: '', line: null }
}

/** A heading's words stay; its links and images go into paragraphs below it. */
function splitHeading(block: Block): readonly Block[] {
  if (!isHeading(block)) return [block]
  const words = wordsOf(block.runs)
  const below = block.runs.filter(
    (run) =>
      run.kind === 'image' ||
      run.kind === 'footnote' ||
      (run.kind === 'text' && run.link !== null && run.text.trim() !== ''),
  )
  const paragraphs = below.map((run): Paragraph => ({ kind: 'paragraph', runs: [run], line: block.line }))
  return words === '' ? paragraphs : [{ ...block, runs: [bare(words)] }, ...paragraphs]
}

function bare(text: string): Run {
  return { kind: 'text', text, marks: PLAIN, link: null }
}

/** The first heading, when it says the title and is of a higher rank than every other. */
function withoutTitle(blocks: readonly Block[], title: string): readonly Block[] {
  const [first, ...others] = blocks.filter(isHeading)
  if (first === undefined || others.length === 0 || plain(wordsOf(first.runs)) !== plain(title)) return blocks
  return others.every(({ level }) => level > first.level) ? blocks.filter((block) => block !== first) : blocks
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

/** The highest rank becomes `##`, the next `###`; within a list or a quote `###` is the highest. */
function rank(block: Block, ranks: readonly number[]): Block {
  if (isHeading(block)) return { ...block, level: Math.min(ranks.indexOf(block.level) + 2, 6) }
  if (block.kind === 'quote' || block.kind === 'note')
    return { ...block, blocks: block.blocks.flatMap(splitHeading).map(rankWithin) }
  if (block.kind === 'list')
    return { ...block, items: block.items.map((item) => item.flatMap(splitHeading).map(rankWithin)) }
  return block
}

function rankWithin(block: Block): Block {
  if (isHeading(block)) return { ...block, level: Math.max(3, block.level) }
  return rank(block, [])
}

/** A Section's heading with another one, or nothing, below it. */
function isEmptySection(blocks: readonly Block[], index: number): boolean {
  const [block, next] = [blocks[index], blocks[index + 1]]
  return block !== undefined && isSection(block) && (next === undefined || isSection(next))
}

function demote(block: Block, notes: Note[]): Block {
  if (!isHeading(block)) return block
  notes.push({
    line: block.line,
    message: `nothing stood below the heading ${quoted(wordsOf(block.runs))}; it is a bold line now`,
  })
  const runs = block.runs.map((run) =>
    run.kind === 'text' ? { ...run, marks: { ...PLAIN, strong: true } } : run,
  )
  return { kind: 'paragraph', runs, line: block.line }
}

function isNamed(block: Block): block is Heading {
  return isSection(block) && kindOfHeading(wordsOf(block.runs)) !== null
}

/** "Other News" and "Commentary" hold items, when what stands below them can be items. */
function name(block: Heading, items: readonly Block[]): Block {
  const kind = kindOfHeading(wordsOf(block.runs))
  const isUniform = (wanted: Block['kind']) => items.every((item) => item.kind === wanted)
  if (kind === null || !(isUniform('list') || isUniform('paragraph'))) return block
  if ([...runsOf(items)].some((run) => run.kind === 'image')) return block
  return { ...block, attributes: ` {.${kind}}` }
}

/** What stands between the heading at `index` and the next one. */
function sectionBelow(blocks: readonly Block[], index: number): readonly Block[] {
  const end = blocks.findIndex((block, at) => at > index && isSection(block))
  return blocks.slice(index + 1, end === -1 ? undefined : end)
}
