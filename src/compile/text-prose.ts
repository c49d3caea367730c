/**
 * Prose as lines of the text part, written from the same tokens as the HTML, never from the HTML. Every block ends with
 * a blank line, so that a conditional passage can come or go without a trace.
 */

import type { Token } from 'markdown-it'
import { markOf } from '../issue/footnotes.js'
import type { Prose } from '../issue/issue.js'
import { linkIndexOf, urlOf } from '../issue/links.js'
import { escapeText } from './escape.js'
import {
  CHOICE,
  ELSE,
  END,
  LAST_PASSAGE,
  LEADING_MARKS,
  markChoice,
  markPerson,
  ONE_PASSAGE,
} from './holed.js'
import type { TextContext } from './text.js'
import { type TextTable, writeTable } from './text-table.js'
import { type Align, alignOf, altOf, attributeOf, holeOf, type Passage, readPassage } from './tokens.js'
import type { Words } from './words-by-language.js'
import { displayWidth, TEXT_WIDTH, wrapText } from './wrap.js'

/** Passages and, after the last, the URLs of the Links in them. */
export function writePassages(
  passages: readonly Prose[],
  context: TextContext,
  voice: 'plain' | 'bullets',
): string {
  const urls: string[] = []
  const writer: Writer = { context, urls }
  const texts = passages.map((passage) => {
    const width = voice === 'plain' ? TEXT_WIDTH : TEXT_WIDTH - 2
    const text = writeBlocks(passage, writer, width)
    return voice === 'plain' || text === '' ? text : hang(text, '* ', '  ')
  })
  return texts.join('') + (urls.length === 0 ? '' : `${urls.join('')}\n`)
}

interface Writer {
  readonly context: TextContext
  /** Lines `[7] https://…` to print at the section's end, each with its line feed. */
  readonly urls: string[]
}

function writeBlocks(tokens: Prose, writer: Writer, width: number): string {
  let text = ''
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) break
    if (token.type === 'choice_open') {
      const passage = readPassage(tokens, at)
      text += writePassage(passage, writer, width)
      at = passage.end
    } else {
      const end = token.nesting === 1 ? closeOf(tokens, at) : at
      text += writeBlock(token, tokens.slice(at + 1, end), writer, width)
      at = end
    }
  }
  return text
}

/** The index of the token that closes the one at `start`. */
function closeOf(tokens: Prose, start: number): number {
  let depth = 0
  for (let at = start; at < tokens.length; at += 1) {
    depth += tokens[at]?.nesting ?? 0
    if (depth === 0) return at
  }
  return tokens.length
}

function writeBlock(token: Token, inside: Prose, writer: Writer, width: number): string {
  switch (token.type) {
    case 'inline':
      return `${wrapText(writeInline(token.children ?? [], writer), width)}\n`
    case 'paragraph_open': {
      const text = writeBlocks(inside, writer, width)
      return token.hidden || text.trim() === '' ? text : `${text}\n`
    }
    case 'heading_open':
      return `${underline(writeBlocks(inside, writer, width).trimEnd(), '-')}\n\n`
    case 'bullet_list_open':
      return writeList(inside, writer, width, () => '* ')
    case 'ordered_list_open': {
      const start = Number(attributeOf(token, 'start') || 1)
      return writeList(inside, writer, width, (index) => `${start + index}. `)
    }
    case 'blockquote_open': {
      const mark = attributeOf(token, 'class') === 'pull' ? '| ' : '> '
      return writeQuote(writeBlocks(inside, writer, width - mark.length), mark)
    }
    case 'figure_open': {
      const text = writeBlocks(inside, writer, width).trim()
      return text === '' ? '' : `${text}\n\n`
    }
    case 'footnotes_open':
      return `${writeBlocks(inside, writer, width)}\n`
    case 'footnote_open':
      return writeNote(token, inside, writer, width)
    case 'fence':
    case 'code_block':
      return `${hang(token.content.trimEnd(), '    ', '    ')}\n\n`
    case 'hr':
      return '* * *\n\n'
    case 'table_open':
      return `${writeTable(readTable(inside, writer), width, writer.context.words)}\n\n`
    default:
      return writeBlocks(inside, writer, width)
  }
}

/** A passage at a quote's end takes the lines that part it from the rest, or these would be quoted without it. */
function writeQuote(text: string, mark: string): string {
  const last = LAST_PASSAGE.exec(text)
  if (last === null) return `${hang(text.trimEnd(), mark, mark)}\n\n`
  const [, name = '', present = '', absent = ''] = last
  const before = text.slice(0, last.index).trimEnd()
  const [gap, end] = before === '' ? ['', '\n\n'] : [`\n${mark.trimEnd()}\n`, '']
  const write = (branch: string) =>
    branch.trim() === '' ? '' : gap + hang(branch.trimEnd(), mark, mark) + end
  const hung = before === '' ? '' : hang(before, mark, mark)
  return hung + markChoice(name, write(present), write(absent)) + (before === '' ? '' : '\n\n')
}

function writeList(items: Prose, writer: Writer, width: number, bullet: (index: number) => string): string {
  const texts: string[] = []
  const isLoose = items.some(({ type, hidden }) => type === 'paragraph_open' && !hidden)
  for (let at = 0; at < items.length; at += 1) {
    const end = closeOf(items, at)
    const mark = bullet(texts.length)
    const text = writeBlocks(items.slice(at + 1, end), writer, width - mark.length)
    texts.push(hang(isLoose ? text : text.replace(/\n\n+$/, '\n'), mark, ' '.repeat(mark.length)))
    at = end
  }
  return texts.join('') + (isLoose ? '' : '\n')
}

/** As the references to it are written, so that notes and Links are told apart. */
function writeNote(token: Token, inside: Prose, writer: Writer, width: number): string {
  const mark = `${noteMark(token)} `
  const text = writeBlocks(inside, writer, width - mark.length).trimEnd()
  return `${hang(text, mark, ' '.repeat(mark.length))}\n`
}

function noteMark(token: Token): string {
  return `[^${markOf(token)?.number ?? 0}]`
}

function readTable(inside: Prose, writer: Writer): TextTable {
  const rows: string[][] = []
  const aligns: (Align | null)[] = []
  for (const [index, token] of inside.entries()) {
    if (token.type === 'tr_open') rows.push([])
    if (token.type === 'th_open') aligns.push(alignOf(token))
    if (token.type !== 'th_open' && token.type !== 'td_open') continue
    const cell = inside[index + 1]?.children ?? []
    rows.at(-1)?.push(writeInline(cell, writer).replaceAll('\n', ' ').trim())
  }
  const [head = [], ...body] = rows
  return { head, body, aligns }
}

/** A Link that stands in one branch is listed for those who see that branch. */
function writePassage({ name, present, absent }: Passage, writer: Writer, width: number): string {
  const write = (branch: Prose) => {
    const urls: string[] = []
    return { text: writeBlocks(branch, { ...writer, urls }, width), urls: urls.join('') }
  }
  const [yes, no] = [write(present), write(absent)]
  if (yes.urls + no.urls !== '') writer.urls.push(markChoice(name, yes.urls, no.urls))
  return markChoice(name, yes.text, no.text)
}

function writeInline(children: Prose, writer: Writer): string {
  let text = ''
  let opened: { token: Token; at: number } | null = null
  for (const token of children) {
    if (token.type === 'link_open') {
      opened = { token, at: text.length }
    } else if (token.type === 'link_close' && opened !== null) {
      text += writeTarget(opened.token, text.slice(opened.at), writer)
      opened = null
    } else {
      text += writeInlineToken(token, writer)
    }
  }
  return text
}

/** After the linked words: the number of a Link, or the address or number of a mailto: or tel: they don't show. */
function writeTarget(token: Token, words: string, writer: Writer): string {
  const index = linkIndexOf(token)
  if (index !== null) return `\u00a0${writeReference(index, writer)}`
  const target = /^(?:mailto|tel):([^?]+)/.exec(urlOf(token))?.[1] ?? ''
  return target === '' || words.includes(target) ? '' : ` (${escapeText(target)})`
}

/** Numbers run through the whole Issue: [7] is the Link with index 6. */
function writeReference(index: number, { context, urls }: Writer): string {
  urls.push(`[${index + 1}] ${context.href(index)}\n`)
  return `[${index + 1}]`
}

function writeInlineToken(token: Token, { context: { words } }: Writer): string {
  switch (token.type) {
    case 'hole':
      return markPerson(holeOf(token))
    case 'footnote_ref':
      return noteMark(token)
    case 'softbreak':
      return ' '
    case 'hardbreak':
      return '\n'
    case 'image': {
      const alt = altOf(token)
      return alt === '' ? '' : `[${label(words.image, escapeText(alt), words)}]`
    }
    default:
      return escapeText(token.content)
  }
}

/**
 * `first` before the first line, `rest` before the others; blank lines get no trailing spaces. Within a conditional
 * passage a line's prefix belongs to the passage, or it would stay where the passage does not show. A passage that the
 * text begins with and does not end with stands behind `first` in both its branches, so neither has another.
 */
export function hang(text: string, first: string, rest: string): string {
  const isOnePassage = ONE_PASSAGE.test(text.trimEnd())
  let isBehindFirst = !isOnePassage && text.startsWith(CHOICE)
  return text
    .split('\n')
    .map((line, index) => {
      const marks = LEADING_MARKS.exec(line)?.[0] ?? ''
      const words = line.slice(marks.length)
      if (index === 0 && !isOnePassage) return first + line
      const endsBehindFirst = isBehindFirst && /^[\ue004\ue005]/.test(marks)
      if (endsBehindFirst) {
        const isEmptyBranch = marks.startsWith(`${ELSE}${END}`)
        isBehindFirst = isEmptyBranch ? marks.includes(CHOICE) : marks === ELSE
        if (marks === ELSE) return line
        if (isEmptyBranch) return (words === '' ? '' : rest) + line
      }
      if (words === '') return marks + (marks === '' ? rest.trimEnd() : '')
      const beginsBranch = isOnePassage && marks !== ''
      return marks + (beginsBranch ? first : rest) + words
    })
    .join('\n')
}

export function underline(text: string, rule: string): string {
  const columns = Math.max(...text.split('\n').map(displayWidth))
  return `${text}\n${rule.repeat(Math.min(columns, TEXT_WIDTH))}`
}

/** `Unsubscribe: https://…`, with the colon of the language. */
export function label(name: string, value: string, { colon }: Words): string {
  return `${name}${colon}${value}`
}
