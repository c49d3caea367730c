/**
 * What a Template is poured with: the Issue as plain data, Prose already HTML, every URL ready.
 * templates/README.md lists these names for designers.
 */

import Handlebars from 'handlebars'
import { unreachable } from '../errors.js'
import { writeDate } from '../issue/date.js'
import type { Author, Direction, Issue, Section } from '../issue/issue.js'
import type { Publication } from '../issue/publication.js'
import { type HtmlMedium, renderHtml } from './html.js'
import type { IssueUrls } from './media.js'
import type { TemplateData } from './template.js'
import { say, wordsOf } from './words.js'

interface Wanted {
  readonly issue: Issue
  readonly publication: Publication
  /** The preheader, escaped, its holes marked. */
  readonly preheader: string
  readonly urls: IssueUrls
  readonly medium: HtmlMedium
}

/** Plain objects with own properties only; `html` values are safe and go in unescaped. */
export function templateData({ issue, publication, preheader, urls, medium }: Wanted): TemplateData {
  const fixed = wordsOf(issue.lang)
  const words = { ...fixed, subscribed: say(fixed.subscribed, publication.name) }
  return {
    lang: issue.lang,
    ...sidesOf(issue.dir),
    title: issue.title,
    // The first story's headline is often the title too; it should not be read twice.
    titleIsHeadline: issue.sections.some(({ heading }) => heading === issue.title),
    number: issue.number,
    numberText: issue.number === null ? '' : say(words.number, issue.number),
    date: issue.date,
    dateText: writeDate(issue.date, issue.lang),
    authors: joinNames(issue.authors, issue.lang),
    preheader: new Handlebars.SafeString(preheader),
    publication: {
      name: publication.name,
      tagline: publication.tagline,
      postalAddress: publication.postalAddress,
      logo: publication.logo === null ? null : { ...medium.image(publication.logo, null) },
    },
    brand: publication.brand,
    words,
    urls,
    opening: safeHtml(renderHtml(issue.opening, medium, { words })),
    contents: contentsOf(issue).map(({ id, heading, line, lang, dir }) => ({
      id,
      heading: onLine(heading, line, medium),
      lang,
      dir,
    })),
    sections: issue.sections.map((section) => sectionData(section, issue, medium)),
  }
}

/** What the list "In this issue" names: nothing where the editor wants none, or where there is one Section alone. */
export function contentsOf({ contents, sections }: Issue): readonly Section[] {
  return (contents ?? sections.length > 1) ? sections.filter(isContent) : []
}

/** What may be named as content: not what someone else paid for. */
export function isContent({ kind }: Section): boolean {
  return kind !== 'sponsor'
}

function sectionData(section: Section, issue: Issue, medium: HtmlMedium): TemplateData {
  const { id, kind, dir, line } = section
  const lang = section.lang ?? issue.lang
  const words = wordsOf(lang)
  const linkText = say(words.linkTo, section.heading)
  const common = {
    id,
    heading: onLine(section.heading, line, medium),
    kind,
    [kind]: true,
    words,
    linkText,
    lang: section.lang,
    ...sidesOf(dir),
  }
  switch (section.kind) {
    case 'story': {
      const { kicker, authors, body } = section
      return {
        ...common,
        kicker: onLine(kicker ?? '', line, medium),
        byline: authors.length === 0 ? '' : onLine(say(words.by, joinNames(authors, lang)), line, medium),
        authors: authors.map(({ name, url }) => ({ name, url })),
        html: safeHtml(renderHtml(body, medium, { words })),
      }
    }
    case 'note':
    case 'sponsor':
      return { ...common, html: safeHtml(renderHtml(section.body, medium, { words })) }
    case 'briefs':
      return {
        ...common,
        items: section.items.map((item) => briefData(renderHtml(item, medium, { lead: 'bold', words }))),
      }
    case 'commentary':
      return {
        ...common,
        items: section.entries.map(({ body, link }) =>
          briefData(renderHtml(body, medium, { arrowAt: link, words })),
        ),
      }
    default:
      return unreachable(section)
  }
}

/** The sides on which lines of this direction begin and end. */
function sidesOf(dir: Direction) {
  return dir === 'rtl' ? { dir, start: 'right', end: 'left' } : { dir, start: 'left', end: 'right' }
}

/** Words with the line they are from; none stay ''. */
function onLine(words: string, line: number, { line: mark = () => '' }: HtmlMedium): string {
  return words === '' ? '' : mark(line) + words + mark(null)
}

function briefData(html: string): TemplateData {
  return { html: safeHtml(html) }
}

/** HTML that goes in as it is; none stays '', which `{{#if}}` takes for absent. */
function safeHtml(html: string): Handlebars.SafeString | '' {
  return html === '' ? '' : new Handlebars.SafeString(html)
}

/**
 * `A, B and C`, with the "and" of the Issue's language; '' for no one. In English no comma stands before it, as in
 * the bylines of issue files.
 */
export function joinNames(authors: readonly Author[], lang: string): string {
  const locale = /^en\b/.test(lang) ? 'en-GB' : lang
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(authors.map(({ name }) => name))
}
