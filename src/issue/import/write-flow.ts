/** Blocks as an issue's Markdown: one text a block, to be parted by blank lines. */

import { unreachable } from '../../errors.js'
import type { Block, List, Run, Table } from './flow.js'
import { type InlineText, writeInlines } from './write-inline.js'

/** What the runs of a block are as Markdown. */
type Texts = ReadonlyMap<readonly Run[], string>

/** In order; of headings `##` and deeper ones, as `outlineOf` leaves them. */
export function writeFlow(blocks: readonly Block[]): readonly string[] {
  const wanted = [...inlinesOf(blocks)]
  const written = writeInlines(wanted)
  const texts: Texts = new Map(wanted.map(({ runs }, index) => [runs, written[index] ?? '']))
  return writeAll(blocks, { texts, rule: '---' })
}

function* inlinesOf(blocks: readonly Block[]): Generator<InlineText> {
  for (const block of blocks) {
    if (block.kind === 'paragraph' || block.kind === 'button') yield { runs: block.runs, place: 'text' }
    else if (block.kind === 'heading') yield { runs: block.runs, place: 'heading' }
    else if (block.kind === 'list') for (const item of block.items) yield* inlinesOf(item)
    else if (block.kind === 'quote' || block.kind === 'note') yield* inlinesOf(block.blocks)
    else if (block.kind === 'table') for (const runs of block.rows.flat()) yield { runs, place: 'cell' }
    else if (block.kind === 'figure') {
      yield { runs: block.image, place: 'text' }
      yield { runs: block.caption, place: 'text' }
    }
  }
}

interface Writing {
  readonly texts: Texts
  /** A divider: dashes behind a list's dash would be one divider. */
  readonly rule: '---' | '___'
}

function writeAll(blocks: readonly Block[], writing: Writing): readonly string[] {
  // Neighbouring lists differ by their mark, or they would be one.
  let isOther = false
  return blocks.flatMap((block, index) => {
    const previous = blocks[index - 1]
    isOther = block.kind === 'list' && previous?.kind === 'list' && !isOther
    return block.kind === 'list' ? [writeList(block, writing, isOther)] : writeBlock(block, writing)
  })
}

function writeBlock(block: Exclude<Block, List>, writing: Writing): readonly string[] {
  const { texts } = writing
  switch (block.kind) {
    case 'paragraph':
      return [texts.get(block.runs) ?? '']
    case 'heading':
      return [`${'#'.repeat(block.level)} ${texts.get(block.runs) ?? ''}${block.attributes}`]
    case 'figure':
      return [
        [block.image, block.caption]
          .map((runs) => texts.get(runs) ?? '')
          .filter((text) => text !== '')
          .join('\n'),
      ]
    case 'button':
      return [asButton(texts.get(block.runs) ?? '')]
    case 'note':
      return [
        prefix(writeAll(block.blocks, { texts, rule: '___' }).join('\n\n'), `[^${block.label}]: `, '    '),
      ]
    case 'quote':
      return [writeQuote(block, texts)]
    case 'code':
      return [writeCode(block.text, block.language)]
    case 'rule':
      return [writing.rule]
    case 'table':
      return [writeTable(block, texts)]
    default:
      return unreachable(block)
  }
}

function writeList({ start, items }: List, { texts }: Writing, isOther: boolean): string {
  const isTight = items.every(
    ([first, ...rest]) => first?.kind === 'paragraph' && rest.every(({ kind }) => kind === 'list'),
  )
  const written = items.map((item, index) => {
    const mark = start === null ? (isOther ? '* ' : '- ') : `${start + index}${isOther ? ') ' : '. '}`
    const blocks = writeAll(item, { texts, rule: '___' })
    return prefix(blocks.join(isTight ? '\n' : '\n\n'), mark, ' '.repeat(mark.length))
  })
  return written.join(isTight ? '\n' : '\n\n')
}

/** `{.pull}` ends the last paragraph of a quote that is set apart. */
function writeQuote({ blocks, isPull }: Extract<Block, { kind: 'quote' }>, texts: Texts): string {
  const written = writeAll(blocks, { texts, rule: '___' })
  const mark = isPull && blocks.at(-1)?.kind === 'paragraph' ? ' {.pull}' : ''
  return prefix(`${written.join('\n\n')}${mark}`, '> ', '> ')
}

/** Only what was written as one link can be a button. */
function asButton(text: string): string {
  return text.startsWith('[') && text.endsWith(')') ? `${text}{.button}` : text
}

function prefix(text: string, first: string, others: string): string {
  return text
    .split('\n')
    .map((line, index) => (index === 0 ? first + line : line === '' ? others.trimEnd() : others + line))
    .join('\n')
}

function writeCode(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.replace(/\{(?=\{)/g, '{ ')}\n${fence}`
}

function writeTable({ rows }: Table, texts: Texts): string {
  const lines = rows.map((row) => `| ${row.map((runs) => texts.get(runs) ?? '').join(' | ')} |`)
  const rule = `| ${(rows[0] ?? []).map(() => '---').join(' | ')} |`
  return [...lines.slice(0, 1), rule, ...lines.slice(1)].join('\n')
}
