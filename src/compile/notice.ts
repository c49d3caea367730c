/**
 * Compiles a Notice: its words in a language, poured into `templates/notice/`, with holes for what differs from one to
 * the next. A Notice must go out whatever a designer does: where the publication's own template can't be used, ours is.
 */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'
import type { NoticeKind } from '../db/schema.js'
import { InputError, type Problem } from '../errors.js'
import type { HoledLine } from '../issue/hole.js'
import { directionOf } from '../issue/language.js'
import type { Publication } from '../issue/publication.js'
import type { ReaderLanguage } from '../issue/reader-language.js'
import { brandData } from './brand-data.js'
import type { Holed } from './compiled.js'
import { escapeText } from './escape.js'
import { hasMarks, markPerson, parseHoled } from './holed.js'
import { dropIssueLines } from './issue-lines.js'
import { manners } from './manners.js'
import { renderMjml } from './mjml.js'
import { NOTICE_HOLES, URL_HOLE } from './notice-holes.js'
import { type NoticeBlanks, type NoticeText, noticeText } from './notice-words.js'
import { padButtons } from './outlook-button.js'
import { readEmailTemplate } from './template.js'
import { hang, underline } from './text-prose.js'
import { wordsOf } from './words.js'
import { TEXT_WIDTH, wrapText } from './wrap.js'

const NOTICE_TEMPLATE = 'notice'

/** What a Notice shows of the publication. */
export type NoticeFace = Pick<Publication, 'name' | 'postalAddress' | 'brand'>

export interface NoticeInput {
  /** Absolute; its template is used where it has one. */
  readonly root: string
  readonly kind: NoticeKind
  readonly lang: ReaderLanguage
  readonly face: NoticeFace
}

/** The same for everyone but for its holes: `url` and those of NOTICE_HOLES. */
export interface CompiledNotice {
  readonly subject: HoledLine
  readonly html: Holed
  readonly text: Holed
}

export interface NoticeCompilation {
  readonly notice: CompiledNotice
  /** Why the publication's own template was not used; empty: it was, or there is none. */
  readonly problems: readonly Problem[]
}

export async function compileNotice(input: NoticeInput): Promise<NoticeCompilation> {
  if (hasMarks(JSON.stringify(input.face)))
    throw new Error('the publication holds a character U+E000 to U+E00F, which are reserved')
  const text = noticeText(input.kind, input.lang, blanks(input.face.name))
  const { html, problems } = await writeHtml(input, text)
  const notice = {
    subject: holedLine(text.subject),
    html: parseHoled(html),
    text: parseHoled(writeText(input, text)),
  }
  return { notice, problems }
}

function blanks(publication: string): NoticeBlanks {
  const holes = Object.entries(NOTICE_HOLES).map(([blank, hole]) => [blank, mark(hole)])
  // One mark for each name of NOTICE_HOLES, and the publication.
  return { publication, ...Object.fromEntries(holes) } as NoticeBlanks
}

function mark(name: string): string {
  return markPerson({ kind: 'person', name, fallback: '' })
}

async function writeHtml(
  { root, lang, face }: NoticeInput,
  { subject: _, ...text }: NoticeText,
): Promise<{ html: string; problems: readonly Problem[] }> {
  const data = {
    lang,
    ...manners(lang, directionOf(lang)),
    // A document's title needs no name of a List in it.
    subject: text.heading,
    preheader: text.paragraphs[0] ?? '',
    ...text,
    url: new Handlebars.SafeString(mark(URL_HOLE)),
    publication: { name: face.name, postalAddress: belowName(face) },
    brand: brandData(face.brand),
  }
  const pour = async (from: string) => {
    const poured = (await readEmailTemplate(from, NOTICE_TEMPLATE))(data)
    const { html } = await renderMjml(poured)
    return padButtons(dropIssueLines(html))
  }
  if (!existsSync(path.join(root, 'templates', NOTICE_TEMPLATE)))
    return { html: await pour(ownRoot()), problems: [] }
  try {
    const html = await pour(root)
    if (html.includes(mark(URL_HOLE))) return { html, problems: [] }
    const where = `templates/${NOTICE_TEMPLATE}`
    const message = 'shows no {{url}}, which a Notice is for; put it where its button leads'
    return { html: await pour(ownRoot()), problems: [{ where, line: null, message }] }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { html: await pour(ownRoot()), problems: error.problems }
  }
}

/** The folder with the templates that come with Pressrun; both `src/` and `dist/src/` lie below it. */
function ownRoot(): string {
  const folders = ['../..', '../../..'].map((up) => fileURLToPath(new URL(up, import.meta.url)))
  const found = folders.find((folder) => existsSync(path.join(folder, 'templates', NOTICE_TEMPLATE)))
  if (found === undefined) throw new Error(`templates/${NOTICE_TEMPLATE} is missing beside this program`)
  return found
}

function writeText(
  { face, lang }: NoticeInput,
  { heading, paragraphs, quote, button, otherwise }: NoticeText,
): string {
  const blocks = [
    underline(escapeText(face.name), '='),
    wrapText(heading),
    ...paragraphs.map((paragraph) => wrapText(paragraph)),
    ...(quote === null ? [] : [hang(wrapText(quote, TEXT_WIDTH - 2), '> ', '> ')]),
    // On a line of its own, so that every mail program finds its end.
    `${button}${wordsOf(lang).colon.trimEnd()}\n${mark(URL_HOLE)}`,
    wrapText(otherwise),
    ['-- ', face.name, ...belowName(face)].map(escapeText).join('\n'),
  ]
  return `${blocks.join('\n\n')}\n`
}

function holedLine(marked: string): HoledLine {
  return parseHoled(marked).map((piece) => {
    if (typeof piece === 'string' || piece.kind === 'person') return piece
    throw new Error('a subject holds nothing but text and values')
  })
}

/** Most postal addresses begin with the name, which stands above. */
function belowName({ name, postalAddress }: NoticeFace): readonly string[] {
  return postalAddress.filter((line) => line !== name)
}
