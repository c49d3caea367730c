/**
 * Compiles an Issue: Prose → HTML, Handlebars once → MJML → HTML with holes; the text part and the web page from the
 * same tokens. Pure but for loading mjml: the same inputs give the same bytes and the same hash.
 */

import { InputError } from '../errors.js'
import { writeDate } from '../issue/date.js'
import type { HoledLine } from '../issue/hole.js'
import type { Issue } from '../issue/issue.js'
import type { Mailbox, Publication } from '../issue/publication.js'
import type { MailTracking } from '../issue/tracking.js'
import { collectLinks } from '../link/collect.js'
import { hashCompiled } from './canonical.js'
import type { Accepted, MjmlNode } from './checks/check.js'
import type { Compilation, CompiledImage, CompiledIssue, Holed } from './compiled.js'
import { escapeHtml } from './escape.js'
import { hasMarks, markPerson, parseHoled, parseLined } from './holed.js'
import { addHoneypot } from './honeypot.js'
import type { IssueImages } from './images.js'
import { dropIssueLines } from './issue-lines.js'
import { emailMedium, issueUrls, linkUrls, webMedium } from './media.js'
import { mjmlVersion, renderMjml } from './mjml.js'
import { widenPassages } from './passage-rows.js'
import type { Template } from './template.js'
import { isContent, joinNames, templateData } from './template-data.js'
import type { MarkedText } from './template-lines.js'
import { writeText } from './text.js'
import { writeWeb } from './web.js'
import { say, wordsOf } from './words.js'

export interface CompileInput {
  readonly issue: Issue
  readonly publication: Publication
  /** The publication's own, or what the caller decided where it gives none. */
  readonly from: Mailbox
  /** Absolute, without a trailing slash. */
  readonly publicUrl: string
  readonly template: Template
  readonly images: IssueImages
  /** Pressrun's own version. */
  readonly version: string
}

/** What checks need to see beside what is sent, and to name a place. */
export interface Trace {
  /** The CompiledIssue's HTML with the marks of the issue's lines. */
  readonly html: Holed
  readonly mjml: MjmlNode
  /** What MJML was given. */
  readonly poured: MarkedText
  readonly accepted: readonly Accepted[]
  readonly preheader: HoledLine
}

export interface TracedCompilation extends Compilation {
  readonly trace: Trace
}

/** Throws one InputError listing every problem with its template file and line. */
export async function compileIssue(input: CompileInput): Promise<TracedCompilation> {
  const { issue, publication, from, publicUrl, template, images, version } = input
  refuseMarks(publication)
  const urls = issueUrls(publicUrl, issue)
  const links = collectLinks(issue, publicUrl)
  const linkUrl = linkUrls(publicUrl, { tracking: issue.tracking, links })
  const preheader = issue.preheader ?? [defaultPreheader(issue)]
  const description = preheader.map((piece) => (typeof piece === 'string' ? piece : piece.fallback)).join('')
  const wanted = { issue, publication, preheader: markLine(preheader), description, urls }
  const medium = emailMedium(publicUrl, images, { webUrl: urls.web, linkUrl })
  const emailData = templateData({ ...wanted, medium })
  const webData = templateData({ ...wanted, medium: webMedium(publicUrl, images) })
  const poured = template.email(emailData)
  const { html: rendered, tree } = await renderMjml(poured)
  const widened = widenPassages(rendered)
  const html = issue.tracking.honeypot ? addHoneypot(widened, publicUrl) : widened
  const text = writeText(issue, publication, {
    href: linkUrl,
    urls,
    words: wordsOf(issue.lang),
    dateLine: dateLine(issue),
    byline: (section) =>
      section.kind === 'story' ? joinNames(section.authors, section.lang ?? issue.lang) : '',
  })
  const compiled: CompiledIssue = {
    slug: issue.slug,
    title: issue.title,
    number: issue.number,
    date: issue.date,
    lang: issue.lang,
    publication: {
      name: publication.name,
      from,
      replyTo: publication.replyTo,
      publicUrl,
      ...(publication.headers.length === 0 ? {} : { headers: publication.headers }),
      ...(isUsual(issue.tracking) ? {} : { tracking: issue.tracking }),
    },
    ...(issue.comments === 'on' ? {} : { comments: issue.comments }),
    ...(issue.topics.length === 0 ? {} : { topics: issue.topics }),
    subject: issue.subject,
    html: parseHoled(dropIssueLines(html)),
    text: parseHoled(text),
    web: writeWeb(template, webData),
    links,
    images: describeImages(images),
    versions: { pressrun: version, mjml: mjmlVersion() },
  }
  const imageBytes = new Map([...images.values()].map(({ sha256, bytes }) => [sha256, bytes]))
  const trace = { html: parseLined(html), mjml: tree, poured, accepted: template.accepted, preheader }
  return { compiled, hash: hashCompiled(compiled), imageBytes, trace }
}

/** It is not said, so that what was compiled before there was a choice keeps its hash. */
function isUsual({ opens, clicks, honeypot }: MailTracking): boolean {
  return opens && clicks && !honeypot
}

/** The parser keeps the markers' characters out of issues; the publication's file is checked here. */
function refuseMarks(publication: Publication): void {
  if (hasMarks(JSON.stringify(publication))) {
    const message = 'holds a character U+E000 to U+E00F, which are reserved; take it out'
    throw new InputError([{ where: 'issues/newsletter.yaml', line: null, message }])
  }
}

function markLine(line: HoledLine): string {
  return line.map((piece) => (typeof piece === 'string' ? escapeHtml(piece) : markPerson(piece))).join('')
}

function dateLine({ number, date, lang }: Issue): string {
  const day = writeDate(date, lang)
  return number === null ? day : `${say(wordsOf(lang).number, number)} · ${day}`
}

/** Without one, an inbox shows the first words of the mail; what is in the Issue says more. */
function defaultPreheader({ sections, title }: Issue): string {
  const headings = sections.filter(isContent).flatMap(({ heading }) => (heading === title ? [] : [heading]))
  return headings.length === 0 ? title : headings.join(' · ')
}

/** Each once, in the order of their hashes. */
function describeImages(images: IssueImages): readonly CompiledImage[] {
  const unique = new Map(
    [...images.values()].map(({ sha256, ext, sizeBytes }) => [sha256, { sha256, ext, sizeBytes }]),
  )
  return [...unique.values()].sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1))
}
