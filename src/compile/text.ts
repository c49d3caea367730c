/**
 * The text part, written from the same tokens as the HTML, never from the HTML. Every block ends with a blank line,
 * so that a conditional passage can come or go without a trace.
 */

import type { Token } from 'markdown-it'
import { unreachable } from '../errors.js'
import type { Issue, Prose, Section } from '../issue/issue.js'
import { linkIndexOf, urlOf } from '../issue/links.js'
import type { Publication } from '../issue/publication.js'
import { escapeText } from './escape.js'
import { LEADING_MARKS, markChoice, markPerson, ONE_PASSAGE } from './holed.js'
import { contentsOf } from './template-data.js'
import { attributeOf, holeOf, type Passage, plainText, readPassage } from './tokens.js'
import { say, wordsOf } from './words.js'
import type { Words } from './words-by-language.js'
import { displayWidth, TEXT_WIDTH, wrapText } from './wrap.js'

export interface TextContext {
  /** Tracked URL of a Link, a marker for its Token in it. */
  readonly href: (index: number) => string
  readonly unsubscribeUrl: string
  readonly webUrl: string
  /** Of the Issue's language. */
  readonly words: Words
  /** The date as readers of this language write it. */
  readonly dateLine: string
  /** `A, B and C` in the Issue's language, '' for none. */
  readonly byline: (section: Section) => string
}

/** The whole text part, with markers; lines end in `\n` and fit 78 columns where words allow. */
export function writeText(issue: Issue, publication: Publication, context: TextContext): string {
  return [
    writeMasthead(issue, publication, context),
    writePassages([issue.opening], context, 'plain'),
    writeContents(contentsOf(issue), context),
    ...issue.sections.map((section) => writeSection(section, context)),
    writeFooter(publication, context),
  ]
    .join('')
    .replace(/\n+$/, '\n')
}

function writeMasthead(issue: Issue, { name, tagline }: Publication, context: TextContext): string {
  const { dateLine, webUrl, words } = context
  const titleIsHeadline = issue.sections.some(({ heading }) => heading === issue.title)
  return [
    underline(escapeText(name), '='),
    ...(tagline === null ? [] : [wrapText(escapeText(tagline))]),
    escapeText(dateLine),
    ...(titleIsHeadline ? [] : ['', wrapText(escapeText(issue.title))]),
    '',
    label(words.readOnTheWeb, webUrl, words),
    '\n',
  ].join('\n')
}

function writeContents(contents: readonly Section[], { words }: TextContext): string {
  if (contents.length === 0) return ''
  const lines = contents.map(({ heading }) => hang(wrapText(escapeText(heading), TEXT_WIDTH - 2), '* ', '  '))
  return `${label(words.inThisIssue, '', words).trimEnd()}\n${lines.join('\n')}\n\n`
}

function writeSection(section: Section, context: TextContext): string {
  const words = section.lang === null ? context.words : wordsOf(section.lang)
  const byline = context.byline(section)
  const heading = section.kind === 'sponsor' ? label(words.sponsor, section.heading, words) : section.heading
  const head = `\n${underline(wrapText(escapeText(heading)), '=')}\n`
  return `${head}${byline === '' ? '' : `${wrapText(escapeText(say(words.by, byline)))}\n`}\n${writeBody(section, context)}`
}

function writeBody(section: Section, context: TextContext): string {
  switch (section.kind) {
    case 'story':
    case 'note':
    case 'sponsor':
      return writePassages([section.body], context, 'plain')
    case 'briefs':
      return writePassages(section.items, context, 'bullets')
    case 'commentary':
      return writePassages(
        section.entries.map(({ body }) => body),
        context,
        'bullets',
      )
    default:
      return unreachable(section)
  }
}

function writeFooter({ name, postalAddress }: Publication, context: TextContext): string {
  const { unsubscribeUrl, webUrl, words } = context
  return [
    '',
    '-'.repeat(TEXT_WIDTH),
    wrapText(say(words.subscribed, escapeText(name))),
    '',
    label(words.unsubscribe, unsubscribeUrl, words),
    label(words.readOnTheWeb, webUrl, words),
    ...(postalAddress.length === 0 ? [] : ['', ...postalAddress.map(escapeText)]),
    '',
  ].join('\n')
}

/** `Unsubscribe: https://…`, with the colon of the language. */
function label(name: string, value: string, { colon }: Words): string {
  return `${name}${colon}${value}`
}

/** Passages and, after the last, the URLs of the Links in them. */
function writePassages(passages: readonly Prose[], context: TextContext, voice: 'plain' | 'bullets'): string {
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
    case 'blockquote_open':
      return `${hang(writeBlocks(inside, writer, width - 2).trimEnd(), '> ', '> ')}\n\n`
    case 'fence':
    case 'code_block':
      return `${hang(token.content.trimEnd(), '    ', '    ')}\n\n`
    case 'hr':
      return '* * *\n\n'
    case 'tr_open':
      return `${cellsOf(inside, writer).join(' | ')}\n`
    case 'table_open':
      return `${writeBlocks(inside, writer, width)}\n`
    default:
      return writeBlocks(inside, writer, width)
  }
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

function cellsOf(row: Prose, writer: Writer): string[] {
  return row
    .filter(({ type }) => type === 'inline')
    .map((token) => writeInline(token.children ?? [], writer).replaceAll('\n', ' '))
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
    case 'softbreak':
      return ' '
    case 'hardbreak':
      return '\n'
    case 'image': {
      const alt = plainText(token.children ?? [])
      return alt === '' ? '' : `[${label(words.image, escapeText(alt), words)}]`
    }
    default:
      return escapeText(token.content)
  }
}

/**
 * `first` before the first line, `rest` before the others; blank lines get no trailing spaces. Within a conditional
 * passage a line's prefix belongs to the passage, or it would stay where the passage does not show.
 */
function hang(text: string, first: string, rest: string): string {
  const isOnePassage = ONE_PASSAGE.test(text.trimEnd())
  return text
    .split('\n')
    .map((line, index) => {
      const marks = LEADING_MARKS.exec(line)?.[0] ?? ''
      const words = line.slice(marks.length)
      if (index === 0 && !isOnePassage) return first + line
      if (words === '') return marks + (marks === '' ? rest.trimEnd() : '')
      const beginsBranch = isOnePassage && marks !== ''
      return marks + (beginsBranch ? first : rest) + words
    })
    .join('\n')
}

function underline(text: string, rule: string): string {
  const columns = Math.max(...text.split('\n').map(displayWidth))
  return `${text}\n${rule.repeat(Math.min(columns, TEXT_WIDTH))}`
}
