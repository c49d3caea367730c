/**
 * Tables: what holds figures in rows and columns stays one; what only places words on a page (all of an old mail) is
 * read through, cell by cell.
 */

import type { Block, Run } from './flow.js'
import { attributeOf, type Element, elementsOf, hasAttribute, isElement, type Node } from './html-tree.js'

const MAX_COLUMNS = 40

export interface TableReader {
  /** The blocks that nodes show. */
  readonly read: (nodes: readonly Node[]) => readonly Block[]
  readonly note: (message: string) => void
}

/** The blocks of a `<table>`, its caption first. */
export function readTable(table: Element, { read, note }: TableReader): readonly Block[] {
  const captions = childrenNamed(table, 'caption')
  const above = captions.flatMap((caption) => read(caption.childNodes))
  const rows = rowsOf(table)
  if (!isData(table, rows)) return [...above, ...read(withoutCaption(table))]
  const cells = rows.map((row) => row.flatMap((cell) => readCell(cell, read)))
  const width = Math.max(...cells.map((row) => row.length))
  if (width > MAX_COLUMNS) return [...above, ...read(withoutCaption(table))]
  const isHeaded = rows[0]?.every(({ tagName }) => tagName === 'th') ?? false
  if (!isHeaded) note('a table had no head; its first row became one')
  return [
    ...above,
    {
      kind: 'table',
      rows: cells.map((row) => [...row, ...Array.from({ length: width - row.length }, () => [])]),
    },
  ]
}

/** Rows of this table, not of tables within it. */
function rowsOf(table: Element): readonly (readonly Element[])[] {
  const groups = [table, ...['thead', 'tbody', 'tfoot'].flatMap((name) => childrenNamed(table, name))]
  const rows = groups.flatMap((group) => childrenNamed(group, 'tr'))
  return rows.map((row) => row.childNodes.filter(isElement).filter(isCell)).filter((row) => row.length > 0)
}

/** `<th>` says so; without any, only bare rows of plain words, as many in each, and none of a layout's attributes. */
function isData(table: Element, rows: readonly (readonly Element[])[]): boolean {
  const cells = rows.flat()
  const isPlaced = attributeOf(table, 'role') === 'presentation'
  if (isPlaced || rows.length < 2 || !cells.every(holdsWords)) return false
  if (cells.some(({ tagName }) => tagName === 'th')) return true
  const hasLayout = ['cellpadding', 'cellspacing', 'width', 'bgcolor', 'height'].some((name) =>
    hasAttribute(table, name),
  )
  const columns = rows[0]?.length ?? 0
  return !hasLayout && columns > 1 && rows.every((row) => row.length === columns)
}

/** Nothing that would not fit in one cell of Markdown. */
function holdsWords(cell: Element): boolean {
  for (const { tagName } of elementsOf(cell)) {
    if (/^(?:table|h[1-6]|ul|ol|dl|blockquote|pre|figure|hr|img|iframe|video|audio|form)$/.test(tagName))
      return false
  }
  return true
}

/** A cell, and an empty one for each further column that it spans. */
function readCell(cell: Element, read: TableReader['read']): readonly (readonly Run[])[] {
  const blocks = read(cell.childNodes)
  const runs = blocks.flatMap((block, index): readonly Run[] => {
    const own = block.kind === 'paragraph' ? block.runs : []
    return index === 0 ? own : [{ kind: 'break' }, ...own]
  })
  const span = Number.parseInt(attributeOf(cell, 'colspan') || '1', 10)
  const empty = Math.min(Math.max(span - 1, 0), MAX_COLUMNS)
  return [runs, ...Array.from({ length: empty }, () => [])]
}

function withoutCaption(table: Element): readonly Node[] {
  return table.childNodes.filter((node) => !isElement(node) || node.tagName !== 'caption')
}

function childrenNamed(element: Element, name: string): readonly Element[] {
  return element.childNodes.filter(isElement).filter(({ tagName }) => tagName === name)
}

function isCell({ tagName }: Element): boolean {
  return tagName === 'td' || tagName === 'th'
}
