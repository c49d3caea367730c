/**
 * What people read in an Issue, as plain text with its lines: passages and links in the order of the file. A line
 * break within a passage is `\n`; what is no prose (code, an image) is one U+FFFC, and a hole shows its fallback.
 */

import type { Token } from 'markdown-it'
import type { HoledLine } from '../../issue/hole.js'
import type { Author, Prose, Section, SectionKind } from '../../issue/issue.js'
import { urlOf } from '../../issue/links.js'
import { walk } from '../../issue/walk.js'
import { prosesOf } from '../../link/collect.js'
import { holeOf, plainText } from '../tokens.js'
import type { CheckInput } from './check.js'

/** Stands for what is no prose. */
export const OBJECT = '\ufffc'

export interface Passage {
  readonly kind: 'line' | 'heading' | 'text' | 'alt'
  /** BCP 47 tag. */
  readonly lang: string
  readonly text: string
  /** 1-based line in the issue file where it begins. */
  readonly line: number
}

/** A link as written, whatever it leads to. */
export interface WrittenLink {
  readonly url: string
  /** Its words, with the alternative text of images in it. */
  readonly text: string
  readonly holdsImage: boolean
  /** Where it stands: a kind of Section, the editor's note, a byline. */
  readonly section: SectionKind | 'opening' | 'byline'
  readonly lang: string
  readonly line: number
}

/** The part of what a check is given that this reads. */
export type Written = Pick<CheckInput, 'issue' | 'lineOf'>

/** Lines of the front matter that readers see, then the opening and every Section. */
export function readPassages({ issue, lineOf }: Written): readonly Passage[] {
  return [
    ...frontLines({ issue, lineOf }),
    ...passagesOf(issue.opening, issue.lang),
    ...issue.sections.flatMap((section) => passagesOfSection(section, section.lang ?? issue.lang)),
  ]
}

/** Every link of authors and text, in the order of the file. */
export function readLinks({ issue, lineOf }: Written): readonly WrittenLink[] {
  const { lang } = issue
  return [
    ...authorLinks(issue.authors, lang, lineOf('authors') ?? 1),
    ...linksIn(issue.opening, 'opening', lang),
    ...issue.sections.flatMap((section) => [
      ...(section.kind === 'story' ? authorLinks(section.authors, section.lang ?? lang, section.line) : []),
      ...prosesOf(section).flatMap((prose) => linksIn(prose, section.kind, section.lang ?? lang)),
    ]),
  ]
}

/** The line of the character at `offset`. */
export function lineAt({ text, line }: Passage, offset: number): number {
  return line + text.slice(0, offset).split('\n').length - 1
}

/** A line with holes as a reader of whom nothing is known gets it. */
export function fallbackText(line: HoledLine): string {
  return line.map((piece) => (typeof piece === 'string' ? piece : piece.fallback)).join('')
}

function frontLines({ issue, lineOf }: Written): readonly Passage[] {
  const { lang, title, subject, preheader } = issue
  const line = (key: string, text: string) => ({ kind: 'line', lang, text, line: lineOf(key) ?? 1 }) as const
  const subjectText = fallbackText(subject)
  return [
    line('title', title),
    ...(subjectText === title ? [] : [line('subject', subjectText)]),
    ...(preheader === null ? [] : [line('preheader', fallbackText(preheader))]),
  ]
}

function passagesOfSection(section: Section, lang: string): readonly Passage[] {
  const heading = (text: string) => ({ kind: 'heading', lang, line: section.line, text }) as const
  return [
    ...(section.kind === 'story' && section.kicker !== null ? [heading(section.kicker)] : []),
    heading(section.heading),
    ...prosesOf(section).flatMap((prose) => passagesOf(prose, lang)),
  ]
}

function authorLinks(authors: readonly Author[], lang: string, line: number): readonly WrittenLink[] {
  return authors.flatMap(({ name, url }) =>
    url === null ? [] : [{ url, text: name, holdsImage: false, section: 'byline', lang, line }],
  )
}

function passagesOf(prose: Prose, lang: string): readonly Passage[] {
  const passages: Passage[] = []
  let isHeading = false
  for (const { token, line, inline } of walk(prose)) {
    if (token.type === 'heading_open' || token.type === 'heading_close') isHeading = token.nesting === 1
    if (token.type === 'inline') {
      const kind = isHeading ? 'heading' : 'text'
      passages.push({ kind, lang, line, text: (token.children ?? []).map(readToken).join('') })
    }
    if (inline !== null && token.type === 'image')
      passages.push({ kind: 'alt', lang, line, text: plainText(token.children ?? []) })
  }
  return passages.filter(({ text }) => text.trim() !== '')
}

function readToken(token: Token): string {
  switch (token.type) {
    case 'text':
    case 'text_special':
      return token.content
    case 'softbreak':
    case 'hardbreak':
      return '\n'
    case 'hole':
      return holeOf(token).fallback || OBJECT
    default:
      return token.nesting === 0 ? OBJECT : ''
  }
}

function linksIn(prose: Prose, section: WrittenLink['section'], lang: string): readonly WrittenLink[] {
  const links: WrittenLink[] = []
  let open: { url: string; line: number; words: Token[] } | null = null
  for (const { token, line } of walk(prose)) {
    if (token.type === 'link_open') open = { url: urlOf(token), line, words: [] }
    else if (token.type === 'link_close' && open !== null) {
      const { url, words } = open
      const holdsImage = words.some(({ type }) => type === 'image')
      links.push({ url, line: open.line, lang, section, holdsImage, text: plainText(words).trim() })
      open = null
    } else open?.words.push(token)
  }
  return links
}
