/** Reads an issue file into an Issue. Pure: the text comes in, the Issue or every problem at once comes out. */

import type { Token } from 'markdown-it'
import { InputError, type Problem } from '../errors.js'
import { findForbiddenCharacters } from './characters.js'
import { isCalendarDate } from './date.js'
import { readFrontMatter } from './front-matter.js'
import type { Issue, Warning } from './issue.js'
import { directionOf } from './language.js'
import { urlOf } from './links.js'
import { parseMarkdown } from './markdown.js'
import { proofread } from './proofread.js'
import type { Publication } from './publication.js'
import { readSections, type SectionsReading } from './section.js'
import { cleanSource, MAX_SOURCE_BYTES } from './source.js'
import { limitTracking, NO_LIMIT, USUAL_TRACKING } from './tracking.js'
import { walk } from './walk.js'

const SLUG = /^(\d{4}-\d{2}-\d{2})-[a-z0-9]+(?:-[a-z0-9]+)*$/

export interface IssueSource {
  /** The file as messages name it, relative to the root. */
  readonly file: string
  /** The file's name without `.md`. */
  readonly slug: string
  readonly source: string
  /** Gives the language and the template where the issue names none. */
  readonly publication: Pick<Publication, 'lang' | 'template'> &
    Partial<Pick<Publication, 'comments' | 'tracking' | 'utm'>>
}

/** Throws one InputError that names every problem with its line. */
export function parseIssue({ file, slug, source, publication }: IssueSource): Issue {
  const sizeBytes = Buffer.byteLength(source)
  if (sizeBytes > MAX_SOURCE_BYTES)
    throw new InputError([
      {
        where: file,
        line: null,
        message: `the file has ${sizeBytes} bytes; ${MAX_SOURCE_BYTES} is the most`,
      },
    ])
  const text = cleanSource(source)
  const { frontMatter, problems: frontProblems, lineOf, body } = readFrontMatter(file, text)
  const lang = frontMatter.lang ?? publication.lang
  const tokens = parseMarkdown(body, lang)
  // Before the tokens are taken apart, while each still stands where the editor put it.
  const marks = proofread(tokens, body, file)
  const dir = directionOf(lang)
  const reading = readSections(tokens, dir)
  const isBlank = frontProblems.length === 0 && tokens.length === 0
  const problems: readonly Problem[] = [
    ...findSlugProblems(file, slug, { date: frontMatter.date, dateLine: lineOf('date') }),
    ...findForbiddenCharacters(text, file),
    ...frontProblems,
    ...marks,
    ...reading.faults.map((fault) => ({ where: file, ...fault })),
    ...(isBlank
      ? [{ where: file, line: null, message: 'the issue has no text; begin a Section with "##"' }]
      : []),
  ]
  const { title, date } = frontMatter
  if (problems.length > 0 || title === null || date === null) throw new InputError(inOrder(problems))
  return {
    slug,
    file,
    source: text,
    title,
    number: frontMatter.number,
    date,
    authors: frontMatter.authors,
    subject: frontMatter.subject ?? [title],
    preheader: frontMatter.preheader,
    template: frontMatter.template ?? publication.template,
    lang,
    dir,
    contents: frontMatter.contents,
    // Off altogether is off here too.
    comments: publication.comments === 'off' ? 'off' : (frontMatter.comments ?? publication.comments ?? 'on'),
    tracking: limitTracking(publication.tracking ?? USUAL_TRACKING, frontMatter.tracking ?? NO_LIMIT),
    utm: frontMatter.utm === 'off' ? null : (publication.utm ?? null),
    topics: frontMatter.topics,
    waive: frontMatter.waive,
    opening: reading.opening,
    sections: reading.sections,
    warnings: [...reading.warnings, ...warnOfDeadAnchors(reading, tokens)].sort((a, b) => a.line - b.line),
  }
}

function findSlugProblems(
  file: string,
  slug: string,
  { date, dateLine }: { date: string | null; dateLine: number },
): readonly Problem[] {
  const slugDate = SLUG.exec(slug)?.[1]
  if (slugDate === undefined || !isCalendarDate(slugDate)) {
    const message =
      'the file is not named YYYY-MM-DD-slug.md; use a real date, small letters a-z, digits and hyphens'
    return [{ where: file, line: null, message }]
  }
  if (date === null || date === slugDate) return []
  const message = `the date is ${date}, the file's name says ${slugDate}; make them the same`
  return [{ where: file, line: dateLine, message }]
}

function warnOfDeadAnchors({ sections }: SectionsReading, tokens: readonly Token[]): readonly Warning[] {
  const ids = new Set(sections.map(({ id }) => `#${encodeURI(id)}`))
  const warnings: Warning[] = []
  for (const { token, line } of walk(tokens)) {
    const url = token.type === 'link_open' ? urlOf(token) : ''
    if (url.startsWith('#') && !ids.has(url))
      warnings.push({ line, message: `"${url}" leads to no Section; their ids are ${[...ids].join(', ')}` })
  }
  return warnings
}

/** What concerns the whole file first, then line by line. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
}
