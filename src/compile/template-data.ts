/**
 * What a Template is poured with: the Issue as plain data, Prose already HTML, every URL ready.
 * templates/README.md lists these names for designers.
 */

import Handlebars from 'handlebars'
import { unreachable } from '../errors.js'
import { writeDate } from '../issue/date.js'
import type { Author, Issue, Section } from '../issue/issue.js'
import type { Publication } from '../issue/publication.js'
import { brandData, publicationData } from './brand-data.js'
import { escapeHtml } from './escape.js'
import { type HtmlMedium, renderHtml } from './html.js'
import { manners } from './manners.js'
import type { IssueUrls } from './media.js'
import { describeIssue, sharedPicture } from './sharing.js'
import type { TemplateData } from './template.js'
import { say, wordsOf } from './words.js'

interface Wanted {
  readonly issue: Issue
  readonly publication: Publication
  /** The preheader, escaped, its holes marked. */
  readonly preheader: string
  /** The preheader as plain text, nobody in particular reading. */
  readonly description: string
  readonly urls: IssueUrls
  readonly medium: HtmlMedium
}

/** Plain objects with own properties only; `html` values are safe and go in unescaped. */
export function templateData(wanted: Wanted): TemplateData {
  const { issue, publication, preheader, description, urls, medium } = wanted
  const fixed = wordsOf(issue.lang)
  const words = { ...fixed, subscribed: say(fixed.subscribed, publication.name) }
  return {
    lang: issue.lang,
    ...manners(issue.lang, issue.dir),
    title: issue.title,
    // The first story's headline is often the title too; it should not be read twice.
    titleIsHeadline: issue.sections.some(({ heading }) => heading === issue.title),
    number: issue.number,
    numberText: issue.number === null ? '' : say(words.number, issue.number),
    date: issue.date,
    dateText: writeDate(issue.date, issue.lang),
    authors: joinNames(issue.authors, issue.lang),
    byline: bylineOf(issue.authors, issue.lang),
    bylineHtml: linkedByline(issue.authors, issue.lang),
    preheader: new Handlebars.SafeString(preheader),
    description,
    picture: sharedPicture(wanted),
    jsonLd: new Handlebars.SafeString(describeIssue(wanted, { description, url: urls.web })),
    publication: publicationData(publication, issue.lang, medium),
    brand: brandData(publication.brand),
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
  const tongue = { lang: section.lang, ...manners(lang, dir) }
  const itemData = (html: string) => ({ ...tongue, html: safeHtml(html) })
  const common = {
    id,
    heading: onLine(section.heading, line, medium),
    isTitle: section.heading === issue.title,
    kind,
    [kind]: true,
    words,
    linkText,
    ...tongue,
  }
  switch (section.kind) {
    case 'story': {
      const { kicker, authors, body } = section
      return {
        ...common,
        kicker: onLine(kicker ?? '', line, medium),
        byline: onLine(bylineOf(authors, lang), line, medium),
        authors: authors.map(({ name, url }) => ({ name, url })),
        bylineHtml: linkedByline(authors, lang),
        html: safeHtml(renderHtml(body, medium, { words })),
      }
    }
    case 'note':
    case 'sponsor':
      return { ...common, html: safeHtml(renderHtml(section.body, medium, { words })) }
    case 'briefs':
      return {
        ...common,
        items: section.items.map((item) => itemData(renderHtml(item, medium, { lead: 'bold', words }))),
      }
    case 'commentary':
      return {
        ...common,
        items: section.entries.map(({ body, link }) =>
          itemData(renderHtml(body, medium, { arrowAt: link, dir, words })),
        ),
      }
    default:
      return unreachable(section)
  }
}

/** Words with the line they are from; none stay ''. */
function onLine(words: string, line: number, { line: mark = () => '' }: HtmlMedium): string {
  return words === '' ? '' : mark(line) + words + mark(null)
}

/** HTML that goes in as it is; none stays '', which `{{#if}}` takes for absent. */
function safeHtml(html: string): Handlebars.SafeString | '' {
  return html === '' ? '' : new Handlebars.SafeString(html)
}

/** `By A, B and C`; '' for no one. */
function bylineOf(authors: readonly Author[], lang: string): string {
  return authors.length === 0 ? '' : say(wordsOf(lang).by, joinNames(authors, lang))
}

/** The same with links to authors who have one: for the web, since they are no Links of the Issue. */
function linkedByline(authors: readonly Author[], lang: string): Handlebars.SafeString | '' {
  if (authors.length === 0) return ''
  const urls = new Map(authors.map(({ name, url }) => [name, url]))
  const names = listFormat(lang)
    .formatToParts(authors.map(({ name }) => name))
    .map(({ type, value }) => {
      const url = type === 'element' ? (urls.get(value) ?? null) : null
      return url === null
        ? escapeHtml(value)
        : `<a href="${escapeHtml(url)}" rel="author noopener">${escapeHtml(value)}</a>`
    })
  return safeHtml(say(escapeHtml(wordsOf(lang).by), names.join('')))
}

/**
 * `A, B and C`, with the "and" of the Issue's language; '' for no one. In English no comma stands before it, as in
 * the bylines of issue files.
 */
export function joinNames(authors: readonly Author[], lang: string): string {
  return listFormat(lang).format(authors.map(({ name }) => name))
}

function listFormat(lang: string): Intl.ListFormat {
  return new Intl.ListFormat(/^en\b/.test(lang) ? 'en-GB' : lang, { type: 'conjunction' })
}
