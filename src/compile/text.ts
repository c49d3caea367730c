/** The text part of an Issue: masthead, contents, Sections and footer, in words that read well in a terminal. */

import { unreachable } from '../errors.js'
import type { Issue, Section } from '../issue/issue.js'
import type { Publication } from '../issue/publication.js'
import { escapeText } from './escape.js'
import { writeFooterLine } from './footer-text.js'
import type { IssueUrls } from './media.js'
import { contentsOf, joinNames } from './template-data.js'
import { hang, label, underline, writePassages } from './text-prose.js'
import { say, wordsOf } from './words.js'
import type { Words } from './words-by-language.js'
import { TEXT_WIDTH, wrapText } from './wrap.js'

export interface TextContext {
  /** Where a Link of the mail points, a marker for its Token in it. */
  readonly href: (index: number) => string
  readonly urls: IssueUrls
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
    writeFooter(publication, issue.lang, context),
  ]
    .join('')
    .replace(/\n+$/, '\n')
}

function writeMasthead(issue: Issue, { name, tagline }: Publication, context: TextContext): string {
  const { dateLine, urls, words } = context
  const authors = joinNames(issue.authors, issue.lang)
  const titleIsHeadline = issue.sections.some(({ heading }) => heading === issue.title)
  return [
    underline(escapeText(name), '='),
    ...(tagline === null ? [] : [wrapText(escapeText(tagline))]),
    wrapText(escapeText(authors === '' ? dateLine : `${dateLine} · ${authors}`)),
    ...(titleIsHeadline ? [] : ['', wrapText(escapeText(issue.title))]),
    '',
    label(words.readOnTheWeb, urls.web, words),
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
  const kicker = section.kind === 'story' && section.kicker !== null ? `${escapeText(section.kicker)}\n` : ''
  const head = `\n${kicker}${underline(wrapText(escapeText(heading)), '=')}\n`
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

function writeFooter(publication: Publication, lang: string, context: TextContext): string {
  const { name, postalAddress, brand } = publication
  const { urls, words } = context
  return [
    '',
    '-'.repeat(TEXT_WIDTH),
    wrapText(say(words.subscribed, escapeText(name))),
    '',
    label(words.unsubscribe, urls.unsubscribe, words),
    label(words.preferences, urls.preferences, words),
    ...(urls.comment === '' ? [] : [label(words.comment, urls.comment, words)]),
    label(words.readOnTheWeb, urls.web, words),
    ...(brand.footer.length === 0
      ? []
      : ['', ...brand.footer.map((line) => wrapText(writeFooterLine(line, lang)))]),
    ...(postalAddress.length === 0 ? [] : ['', ...postalAddress.map(escapeText)]),
    '',
  ].join('\n')
}
