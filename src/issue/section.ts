/** Sections: each chapter of an issue gets its id, its kind and its parts, and its links their numbers. */

import type { Token } from 'markdown-it'
import { unreachable } from '../errors.js'
import { assignIds } from './anchor.js'
import { takeByline } from './byline.js'
import { type Chapter, cutChapters, cutItems, type Item } from './chapter.js'
import { type Footnote, placeFootnotes, takeFootnotes } from './footnotes.js'
import { ATTRIBUTES_FORM } from './heading.js'
import type { CommentaryEntry, Direction, Prose, Section, SectionKind, Warning } from './issue.js'
import { canonicalLanguage, directionOf } from './language.js'
import { linkIndexOf, numberLinks } from './links.js'
import { nearest } from './nearest.js'

const KINDS: readonly SectionKind[] = ['story', 'briefs', 'commentary', 'note', 'sponsor']

/** Something wrong on a line, and what would be right. */
export interface Fault {
  readonly line: number
  readonly message: string
}

export interface SectionsReading {
  /** What stands before the first heading. */
  readonly opening: Prose
  readonly sections: readonly Section[]
  readonly faults: readonly Fault[]
  readonly warnings: readonly Warning[]
}

/** Sections in order; `dir` is the Issue's. Links are numbered over the whole issue in reading order. */
export function readSections(tokens: readonly Token[], dir: Direction): SectionsReading {
  const { text, footnotes, faults } = takeFootnotes(tokens)
  const { opening: openingText, chapters } = cutChapters(text)
  const opening = placeFootnotes(openingText, footnotes)
  const ids = assignIds(chapters.map(({ heading, title }) => ({ id: heading.id, text: title })))
  const readings: SectionReading[] = []
  let link = numberLinks(opening, 0)
  for (const [index, chapter] of chapters.entries()) {
    const reading = readSection(chapter, { id: ids[index] ?? '', dir, firstLink: link, footnotes })
    readings.push(reading)
    link = reading.nextLink
  }
  return {
    opening,
    sections: readings.flatMap(({ section }) => (section === null ? [] : [section])),
    faults: [...faults, ...readings.flatMap(({ faults }) => faults), ...findDoubleIds(chapters)],
    warnings: readings.flatMap(({ warnings }) => warnings),
  }
}

interface SectionReading {
  readonly section: Section | null
  readonly faults: readonly Fault[]
  readonly warnings: readonly Warning[]
  readonly nextLink: number
}

interface Place {
  readonly id: string
  /** The Issue's. */
  readonly dir: Direction
  readonly firstLink: number
  readonly footnotes: readonly Footnote[]
}

function readSection(chapter: Chapter, { id, dir, firstLink, footnotes }: Place): SectionReading {
  const { title, line, heading } = chapter
  const { kind, faults } = readKind(chapter)
  const { authors, body: text } =
    kind === 'story' ? takeByline(chapter.body, line) : { authors: [], body: chapter.body }
  const lang = heading.lang === null ? null : canonicalLanguage(heading.lang)
  const base = { id, heading: title, line, lang, dir: lang === null ? dir : directionOf(lang) }
  const hasItems = kind === 'briefs' || kind === 'commentary'
  const { items: written, strangers } = cutItems(hasItems ? text : [])
  const items = written.map((item) => ({ ...item, body: placeFootnotes(item.body, footnotes) }))
  const body = hasItems ? text : placeFootnotes(text, footnotes)
  const nextLink = numberLinks(hasItems ? items.flatMap((item) => item.body) : body, firstLink)
  const allFaults = [
    ...faults,
    ...describeLanguage(chapter),
    ...describeEmpty(chapter, body),
    ...describeItems(items, strangers, kind),
  ]
  switch (kind) {
    case 'story':
      return {
        section: { kind, ...base, kicker: heading.kicker, authors, body },
        faults: allFaults,
        warnings: [],
        nextLink,
      }
    case 'briefs':
      return {
        section: { kind, ...base, items: items.map((item) => item.body) },
        faults: allFaults,
        warnings: warnOfMixture(items),
        nextLink,
      }
    case 'commentary': {
      const entries = items.map(readEntry)
      const warnings = [...warnOfMixture(items), ...entries.flatMap(warnOfMissingLink)]
      return { section: { kind, ...base, entries }, faults: allFaults, warnings, nextLink }
    }
    case 'note':
    case 'sponsor':
      return { section: { kind, ...base, body }, faults: allFaults, warnings: [], nextLink }
    case null:
      return { section: null, faults: allFaults, warnings: [], nextLink }
    default:
      return unreachable(kind)
  }
}

/** The kind the heading names; null when it names one that is none. */
function readKind({ heading, line }: Chapter): { kind: SectionKind | null; faults: readonly Fault[] } {
  const [name = 'story', ...others] = heading.classes
  const kind = KINDS.find((known) => known === name) ?? null
  const faults: Fault[] = []
  if (heading.broken !== null)
    faults.push({ line, message: `"${heading.broken}" cannot be read; write ${ATTRIBUTES_FORM}` })
  if (kind === null) {
    const near = nearest(name, KINDS)
    const advice = near === null ? `the kinds are ${KINDS.join(', ')}` : `did you mean {.${near}}?`
    faults.push({ line, message: `".${name}" is no kind of Section; ${advice}` })
  }
  if (others.length > 0)
    faults.push({
      line,
      message: `a Section has one kind; take out ${others.map((other) => `.${other}`).join(' ')}`,
    })
  if (heading.kicker !== null && kind !== 'story' && kind !== null)
    faults.push({ line, message: `a kicker stands above a story; take it off this ${kind} Section` })
  return { kind, faults }
}

function describeLanguage({ heading: { lang }, line }: Chapter): readonly Fault[] {
  return lang === null || canonicalLanguage(lang) !== null
    ? []
    : [{ line, message: `"${lang}" is no language tag; write one like {lang=ar} or {lang=pt-BR}` }]
}

function describeEmpty({ title, line }: Chapter, body: Prose): readonly Fault[] {
  const faults: Fault[] = []
  if (title === '') faults.push({ line, message: 'this heading has no words; write "## " and a headline' })
  if (body.length === 0)
    faults.push({ line, message: `the Section "${title}" is empty; write its text or take its heading out` })
  return faults
}

function describeItems(
  items: readonly Item[],
  strangers: readonly number[],
  kind: SectionKind | null,
): readonly Fault[] {
  const faults = items
    .filter(({ body }) => body.length === 0)
    .map(({ line }) => ({ line, message: 'this list item is empty; write its text or take it out' }))
  const misfits = strangers.map((line) => ({
    line,
    message: `a ${kind} Section holds paragraphs or list items only; indent this below the list item it belongs to`,
  }))
  return [...faults, ...misfits]
}

function findDoubleIds(chapters: readonly Chapter[]): readonly Fault[] {
  const written = chapters.map(({ heading }) => heading.id)
  return chapters.flatMap(({ heading, line }, index) =>
    heading.id !== null && written.indexOf(heading.id) < index
      ? [{ line, message: `the id "${heading.id}" is there twice; give this Section another` }]
      : [],
  )
}

function readEntry({ body, line }: Item): CommentaryEntry {
  const links = body.flatMap(({ children }) => children ?? []).map(linkIndexOf)
  return { body, line, link: links.find((index) => index !== null) ?? null }
}

function warnOfMissingLink({ link, line }: CommentaryEntry): readonly Warning[] {
  return link === null
    ? [{ line, message: 'this commentary entry has no link; say where it can be read' }]
    : []
}

/** A list below a paragraph was perhaps meant to belong to it. */
function warnOfMixture(items: readonly Item[]): readonly Warning[] {
  const odd = items.find(({ from }) => from !== items[0]?.from)
  return odd === undefined
    ? []
    : [{ line: odd.line, message: 'paragraphs and list items are mixed here; each is an item of its own' }]
}
