/** A Post as an issue file: front matter, then Sections in Markdown. */

import { stringify } from 'yaml'
import { InputError } from '../../errors.js'
import { parseAuthors } from '../authors.js'
import type { Author } from '../issue.js'
import { canonicalLanguage } from '../language.js'
import { isWebUrl } from '../links.js'
import { readDestination, readImageSource } from './destination.js'
import { type Block, type Note, PLAIN, runsOf, wordsOf } from './flow.js'
import { quoted } from './flow-context.js'
import { slugOf } from './issue-slug.js'
import { outlineOf } from './outline.js'
import { type PlacedImages, placeImages } from './placed-images.js'
import type { Post, PostFields } from './post.js'
import { cleanText, tidyRuns } from './runs.js'
import { writeFlow } from './write-flow.js'

/** Characters. An issue's lines may have 500; a longer title is a paragraph. */
const MAX_LINE_LENGTH = 400
/** Of a title that is made of the first words. */
const MAX_TITLE_LENGTH = 120

export interface IssueFile {
  /** `YYYY-MM-DD-slug` */
  readonly slug: string
  readonly fileName: string
  readonly title: string
  readonly markdown: string
  readonly notes: readonly Note[]
}

/** `lang` is the publication's. Throws InputError when no date is known, or there is no text. */
export function writeIssueFile(
  post: Post,
  { images, lang }: { images: PlacedImages; lang: string },
): IssueFile {
  const { fields, where } = post
  const notes: Note[] = [...post.notes]
  const note = (each: Note) => notes.push(each)
  if (fields.date === null)
    throw new InputError([{ where, line: null, message: 'no date is known; give it with --date 2026-03-31' }])
  const body = placeImages([...leadOf(fields, post.base), ...post.blocks], { images, note })
  if (body.length === 0) throw new InputError([{ where, line: null, message: 'there is no text in it' }])
  const title = titleOf(fields, body)
  const { authors, unnamed } = readAuthors(fields.authors, note)
  const blocks = [...unnamed, ...longLines(fields), ...body]
  const outline = outlineOf(blocks, title)
  notes.push(...outline.notes, ...findFillings(blocks), ...findBraces(blocks))
  const head = {
    title,
    date: fields.date,
    ...(fields.number === null ? {} : { number: Number(fields.number) }),
    ...(authors.length === 0 ? {} : { authors: authors.map(writeAuthor) }),
    ...(fields.subject === null || oneLine(fields.subject) === title
      ? {}
      : { subject: oneLine(fields.subject) }),
    ...(fields.preheader === null ? {} : { preheader: oneLine(fields.preheader) }),
    ...languageOf(fields.lang, lang),
  }
  const slug = `${fields.date}-${slugOf(fields.slug ?? title)}`
  const markdown = `---\n${stringify(head, { lineWidth: 0 })}---\n\n${writeFlow(outline.blocks).join('\n\n')}\n`
  return { slug, fileName: `${slug}.md`, title, markdown, notes }
}

/** The image that stands above a post's text, and the sound that belongs to it. */
function leadOf({ image, player }: PostFields, base: string | null): readonly Block[] {
  const link = player === null ? null : readDestination(player, null)
  const listen: readonly Block[] =
    link?.kind === 'url'
      ? [
          {
            kind: 'paragraph',
            runs: [{ kind: 'text', text: `Audio: ${nameOf(link.url)}`, marks: PLAIN, link: link.url }],
            line: null,
          },
        ]
      : []
  if (image === null) return listen
  const { alt, caption } = image
  const source = readImageSource(image.source, base) ?? image.source
  const words = tidyRuns([{ kind: 'text', text: cleanText(caption).text, marks: PLAIN, link: null }])
  return [
    {
      kind: 'figure',
      image: [{ kind: 'image', source, alt: cleanText(alt).text, link: null, line: null }],
      caption: words,
    },
    ...listen,
  ]
}

/** What stands behind the last slash. */
function nameOf(url: string): string {
  return new URL(url).pathname.split('/').at(-1) || url
}

function titleOf({ title }: PostFields, blocks: readonly Block[]): string {
  const known = oneLine(title ?? '')
  if (known !== '') return cutAt(known, MAX_LINE_LENGTH)
  const heading = blocks.find((block) => block.kind === 'heading')
  const first = heading?.kind === 'heading' ? wordsOf(heading.runs) : firstWords(blocks)
  return cutAt(oneLine(first) || 'Untitled', MAX_TITLE_LENGTH)
}

function firstWords(blocks: readonly Block[]): string {
  for (const run of runsOf(blocks)) {
    if (run.kind === 'text' && /[\p{L}\p{N}]/u.test(run.text)) return run.text.trim()
  }
  return ''
}

/** One line that may stand in front matter. */
function oneLine(text: string): string {
  return cutAt(
    cleanText(text)
      .text.replace(/\s+/g, ' ')
      .trim()
      .replace(/\{(?=\{)/g, '{ '),
    MAX_LINE_LENGTH,
  )
}

function cutAt(text: string, most: number): string {
  if (text.length <= most) return text
  const cut = text.slice(0, most)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), most / 2))} …`
}

/** What is too long for its line stands whole in the text. */
function longLines({ title, preheader, subject }: PostFields): readonly Block[] {
  return [title, subject, preheader].flatMap((text): readonly Block[] => {
    if (text === null || text.replace(/\s+/g, ' ').trim().length <= MAX_LINE_LENGTH) return []
    const runs = tidyRuns([{ kind: 'text', text: cleanText(text).text, marks: PLAIN, link: null }])
    return [{ kind: 'paragraph', runs, line: null }]
  })
}

/** Those whom an issue can name, and a line for each other one. */
function readAuthors(authors: readonly Author[], note: (note: Note) => void) {
  const named: Author[] = []
  const unnamed: Block[] = []
  for (const author of authors) {
    const name = cleanText(author.name).text.replace(/\s+/g, ' ').trim()
    const url =
      author.url !== null && isWebUrl(author.url) && !/[\s<>()]/.test(author.url) ? author.url : null
    const read = parseAuthors(name)
    const [only] = read ?? []
    if (read === null) {
      note({
        line: null,
        message: `${quoted(name)} cannot stand among the authors; it is a line of the text`,
      })
      unnamed.push({
        kind: 'paragraph',
        runs: [{ kind: 'text', text: name, marks: PLAIN, link: url }],
        line: null,
      })
    } else if (read.length === 1 && only !== undefined) named.push({ name: only.name, url: only.url ?? url })
    else named.push(...read)
  }
  return {
    authors: named,
    unnamed: unnamed.filter((block) => block.kind !== 'paragraph' || wordsOf(block.runs) !== ''),
  }
}

function writeAuthor({ name, url }: Author): string {
  return url === null ? name : `[${name}](${url})`
}

/** Only where it is another language than the publication's. */
function languageOf(written: string | null, lang: string): { readonly lang?: string } {
  const tag = written === null ? null : canonicalLanguage(written.replaceAll('_', '-'))
  const isSame =
    tag === null || tag === lang || new Intl.Locale(tag).language === new Intl.Locale(lang).language
  return isSame ? {} : { lang: tag }
}

/** What the program it came from would have filled in. */
function findFillings(blocks: readonly Block[]): readonly Note[] {
  const found = new Set<string>()
  for (const run of runsOf(blocks)) {
    for (const [filling] of (run.kind === 'text' ? run.text : '').matchAll(
      /\*\|[^|\n]{1,80}\|\*|\{ \{.{0,80}?\}\}|\{%.{0,80}?%\}/g,
    ))
      found.add(filling)
  }
  return [...found].map((filling) => ({
    line: null,
    message: `${quoted(filling)} stands as it was written; the program it came from would have filled it in`,
  }))
}

function findBraces(blocks: readonly Block[]): readonly Note[] {
  const isSpaced = blocks.some((block) => block.kind === 'code' && block.text.includes('{{'))
  return isSpaced
    ? [{ line: null, message: 'code holds two braces in a row, which no issue can show; a blank parts them' }]
    : []
}
