/**
 * The plain text of a bulletin as an issue file: a date, stories under headlines with their bylines, "Other News",
 * "Commentary". What stands below a blog's post ("No comments:") is dropped; every other word is kept.
 */

import { stringify } from 'yaml'
import { InputError, unreachable } from '../../errors.js'
import { parseAuthors, readAsNames } from '../authors.js'
import { type Paragraph, readParagraphs } from './blocks.js'
import { escapeHeading, escapeParagraph } from './escape.js'
import { slugOf } from './issue-slug.js'
import { kindOfHeading, withoutColon } from './named-section.js'
import { readWrittenDate } from './written-date.js'

/** Paragraphs among which the date is looked for. */
const MAX_DATE_DEPTH = 5
/** Characters; a longer line without a final stop is a paragraph that broke off. */
const MAX_HEADLINE_LENGTH = 120
const MAX_BYLINE_LENGTH = 120
const MAX_TITLE_LENGTH = 120

/** Of a headline's longer words, how many begin with a capital: "of" and "in" need none. */
const MIN_CAPITALS = 0.6

/** A single name without "By" is only taken for a byline when it is as short as a name. */
const NAME_WORDS = { min: 2, max: 3 }

const BELOW_THE_POST = /^(?:no comments|\d+ comments?|comments|(?:post|leave|add) a comment)$/i

export interface ImportedIssue {
  /** `YYYY-MM-DD-slug` */
  readonly slug: string
  readonly fileName: string
  readonly title: string
  readonly markdown: string
}

/** `file` is named in messages. Throws InputError when the text holds no date or no words. */
export function importText(source: string, file: string): ImportedIssue {
  const paragraphs = dropTail(readParagraphs(source))
  const dated = findDate(paragraphs)
  if (dated === null) {
    const message =
      'no date stands among the first lines; write one alone on the first line, such as 5 June 2022'
    throw new InputError([{ where: file, line: 1, message }])
  }
  const { date, above, below } = dated
  const [first] = below
  if (first === undefined)
    throw new InputError([
      { where: file, line: null, message: 'there is no text below the date; add the stories' },
    ])
  const { opening, parts } = cutParts(below)
  const title = writeTitle(parts.find(({ kind }) => kind === 'story')?.heading ?? first.text)
  const slug = `${date}-${slugOf(title)}`
  const blocks = [...writeProse([...above, ...opening]), ...parts.flatMap(writePart)]
  const frontMatter = stringify({ title, date }, { lineWidth: 0 })
  return {
    slug,
    fileName: `${slug}.md`,
    title,
    markdown: `---\n${frontMatter}---\n\n${blocks.join('\n\n')}\n`,
  }
}

interface Part {
  readonly kind: 'story' | 'briefs' | 'commentary'
  readonly heading: string
  readonly byline: string | null
  readonly paragraphs: readonly Paragraph[]
}

function dropTail(paragraphs: readonly Paragraph[]): readonly Paragraph[] {
  const end = paragraphs.findLastIndex(({ text }) => !BELOW_THE_POST.test(withoutColon(text)))
  return paragraphs.slice(0, end + 1)
}

function findDate(paragraphs: readonly Paragraph[]) {
  for (const [index, { text }] of paragraphs.slice(0, MAX_DATE_DEPTH).entries()) {
    const date = readWrittenDate(text)
    if (date !== null) return { date, above: paragraphs.slice(0, index), below: paragraphs.slice(index + 1) }
  }
  return null
}

/** A headline begins a story only above the first named Section; below it every line is an item. */
function cutParts(paragraphs: readonly Paragraph[]) {
  const opening: Paragraph[] = []
  const parts: (Part & { readonly paragraphs: Paragraph[] })[] = []
  for (let index = 0; index < paragraphs.length; ) {
    const rest = paragraphs.slice(index, index + 3)
    const current = parts.at(-1)
    const begun = beginPart(rest, current?.kind ?? 'story')
    if (begun !== null) parts.push({ ...begun, paragraphs: [] })
    else (current?.paragraphs ?? opening).push(...rest.slice(0, 1))
    index += begun?.byline ? 2 : 1
  }
  return { opening, parts }
}

/** The Section whose heading the first paragraph is; null when it is none. Nothing but text makes a heading one. */
function beginPart(
  [heading, next, afterNext]: readonly Paragraph[],
  current: Part['kind'],
): Omit<Part, 'paragraphs'> | null {
  if (heading === undefined || next === undefined) return null
  const kind = kindOfHeading(heading.text)
  if (kind !== null)
    return kindOfHeading(next.text) === null ? { kind, heading: heading.text, byline: null } : null
  if (current !== 'story' || !looksLikeHeadline(heading)) return null
  if (isText(afterNext) && looksLikeByline(next))
    return { kind: 'story', heading: heading.text, byline: next.text }
  return isText(next) ? { kind: 'story', heading: heading.text, byline: null } : null
}

/** Neither a headline nor the heading of a named Section. */
function isText(paragraph: Paragraph | undefined): boolean {
  return paragraph !== undefined && kindOfHeading(paragraph.text) === null && !looksLikeHeadline(paragraph)
}

/** A short line in title case, without a final stop. Scripts without capitals have nothing to miss. */
function looksLikeHeadline({ text, isListItem }: Paragraph): boolean {
  if (isListItem || text.length > MAX_HEADLINE_LENGTH || /[.,;:…。]["'”’)]*$/u.test(text)) return false
  const longWords =
    text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]{3,}/gu) ?? text.match(/[\p{L}\p{N}]+/gu) ?? []
  const capitals = longWords.filter((word) => !/^\p{Ll}/u.test(word))
  return longWords.length > 0 && capitals.length >= longWords.length * MIN_CAPITALS
}

/** `By A`, or names: two and more, or a single short one. */
function looksLikeByline({ text }: Paragraph): boolean {
  const authors = text.length > MAX_BYLINE_LENGTH ? null : parseAuthors(withoutBy(text))
  if (authors === null || !readAsNames(authors)) return false
  const words = text.split(' ').length
  const isShortName = words >= NAME_WORDS.min && words <= NAME_WORDS.max
  return withoutBy(text) !== text || authors.length > 1 || isShortName
}

function writePart({ kind, heading, byline, paragraphs }: Part): readonly string[] {
  const title = escapeHeading(heading)
  switch (kind) {
    case 'story':
      return [
        byline === null ? `## ${title}` : `## ${title}\nBy ${writeByline(byline)}`,
        ...writeProse(paragraphs),
      ]
    case 'briefs':
      return [`## ${title} {.briefs}`, ...paragraphs.map(({ text }) => escapeParagraph(text))]
    case 'commentary':
      return [`## ${title} {.commentary}`, ...paragraphs.map(({ text }) => `- ${escapeParagraph(text)}`)]
    default:
      return unreachable(kind)
  }
}

/** Names in the form of a byline: `A, B and C`. */
function writeByline(byline: string): string {
  const names = (parseAuthors(withoutBy(byline)) ?? []).map(({ name }) => name)
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function writeProse(paragraphs: readonly Paragraph[]): readonly string[] {
  return paragraphs.map(({ text, isListItem }) => `${isListItem ? '- ' : ''}${escapeParagraph(text)}`)
}

/** One line that a title may be. */
function writeTitle(heading: string): string {
  const words = heading.replace(/\{(?=\{)/g, '{ ').split(' ')
  let title = words[0] ?? ''
  for (const word of words.slice(1)) {
    if (title.length + word.length >= MAX_TITLE_LENGTH) return `${title} …`
    title += ` ${word}`
  }
  return title
}

function withoutBy(text: string): string {
  return text.replace(/^By\s+/i, '')
}
