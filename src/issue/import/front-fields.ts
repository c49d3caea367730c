/**
 * The front matter of other programs (Jekyll, Hugo, Eleventy, Ghost, Buttondown, Obsidian …) as what an issue knows:
 * each name in the order in which it is believed. What has no place is named, with its words, in a note.
 */

import type { Author } from '../issue.js'
import type { YamlValue } from '../yaml.js'
import { type DateReading, readAnyDate } from './any-date.js'
import type { Note } from './flow.js'
import { quoted } from './flow-context.js'
import { lineOfText, NO_FIELDS, type PostFields, type PostImage } from './post.js'

export type FrontValues = { readonly [key: string]: YamlValue }

const TITLES = ['title', 'headline', 'subject', 'name']
const DATES = [
  'date',
  'publishdate',
  'publish_date',
  'published_at',
  'published',
  'pubdate',
  'date_published',
  'created_at',
  'created',
]
const AUTHORS = ['authors', 'author', 'byline', 'by', 'creator']
const PREHEADERS = [
  'preheader',
  'preview_text',
  'subtitle',
  'description',
  'custom_excerpt',
  'excerpt',
  'summary',
  'dek',
  'meta_description',
]
const SLUGS = ['slug', 'permalink']
const LANGUAGES = ['lang', 'language', 'locale']
const NUMBERS = ['number', 'issue', 'issue_number']
const IMAGES = [
  'feature_image',
  'featured_image',
  'image',
  'cover',
  'cover_image',
  'hero',
  'thumbnail',
  'banner',
]

export interface FieldsReading {
  readonly fields: PostFields
  readonly notes: readonly Note[]
}

/** `lineOf` gives the line of a key. */
export function readFrontFields(
  values: FrontValues,
  { lineOf, timeZone }: DateReading & { readonly lineOf: (key: string) => number | null },
): FieldsReading {
  const byName = new Map(Object.entries(values).map(([key, value]) => [normal(key), { key, value }]))
  const used = new Set<string>()
  const take = <T>(names: readonly string[], read: (value: YamlValue) => T | null): T | null => {
    for (const name of names) {
      const entry = byName.get(name)
      const found = entry === undefined ? null : read(entry.value)
      if (entry === undefined || found === null) continue
      used.add(entry.key)
      return found
    }
    return null
  }
  const title = take(TITLES, readLine)
  const preheader = take(PREHEADERS, readLine)
  const image = take(IMAGES, readImage)
  const fields: PostFields = {
    ...NO_FIELDS,
    title,
    subject: title === null ? null : take(['subject'], readLine),
    date: take(DATES, (value) => {
      const line = readLine(value)
      return line === null ? null : readAnyDate(line, { timeZone })
    }),
    authors: take(AUTHORS, readAuthors) ?? [],
    preheader,
    lang: take(LANGUAGES, readLine),
    number: take(NUMBERS, (value) => /^[1-9]\d{0,5}$/.exec(readLine(value) ?? '')?.[0] ?? null),
    slug: take(SLUGS, (value) => lastPart(readLine(value))),
    image: image === null ? null : withWords(image, take),
  }
  const notes = [...byName.values()].flatMap(({ key, value }): readonly Note[] => {
    const words = describe(value)
    return used.has(key) || words === ''
      ? []
      : [{ line: lineOf(key), message: `${quoted(`${key}: ${words}`)} was left out` }]
  })
  return { fields, notes }
}

/** `publishDate`, `publish-date` and `Publish_Date` are one name. */
function normal(key: string): string {
  const name = key.trim().replace(/-/g, '_')
  return name.toLowerCase() === 'publishdate' ? 'publish_date' : name.toLowerCase()
}

function readLine(value: YamlValue): string | null {
  return typeof value === 'string' ? lineOfText(value) : null
}

/** Names in one line, a list of them, or mappings that have a name and perhaps an address. */
function readAuthors(value: YamlValue): readonly Author[] | null {
  const entries = Array.isArray(value) ? value : [value]
  const authors = entries.flatMap((entry: YamlValue): readonly Author[] => {
    const name = typeof entry === 'string' ? lineOfText(entry) : entryOf(entry, 'name')
    const url = typeof entry === 'string' ? null : (entryOf(entry, 'url') ?? entryOf(entry, 'website'))
    return name === null ? [] : [{ name, url }]
  })
  return authors.length === 0 ? null : authors
}

function entryOf(value: YamlValue | undefined, key: string): string | null {
  if (value === null || value === undefined || typeof value === 'string' || Array.isArray(value)) return null
  const entry = Object.entries(value).find(([name]) => name.toLowerCase() === key)?.[1]
  return typeof entry === 'string' ? lineOfText(entry) : null
}

/** A path or URL, or a mapping with one in it (Hugo's `cover`). */
function readImage(value: YamlValue): PostImage | null {
  const first: YamlValue = Array.isArray(value) ? (value[0] ?? null) : value
  if (typeof first === 'string')
    return first.trim() === '' ? null : { source: first.trim(), alt: '', caption: '' }
  const source = ['image', 'src', 'url', 'path', 'feature']
    .map((key) => entryOf(first, key))
    .find((each) => each)
  if (!source) return null
  return { source, alt: entryOf(first, 'alt') ?? '', caption: entryOf(first, 'caption') ?? '' }
}

function withWords(
  image: PostImage,
  take: (names: readonly string[], read: (value: YamlValue) => string | null) => string | null,
): PostImage {
  const alt = take(['feature_image_alt', 'image_alt', 'cover_alt', 'alt'], readLine)
  const caption = take(['feature_image_caption', 'image_caption', 'cover_caption', 'caption'], readLine)
  return { source: image.source, alt: image.alt || (alt ?? ''), caption: image.caption || (caption ?? '') }
}

/** `/2024/03/a-post/` and `a-post.html` are called `a-post`. */
function lastPart(path: string | null): string | null {
  const last = (path ?? '').split('/').findLast((part) => part !== '' && !part.startsWith(':'))
  return lineOfText(last?.replace(/\.html?$/, ''))
}

function describe(value: YamlValue): string {
  if (value === null || typeof value === 'string') return value ?? ''
  const entries: readonly [string, YamlValue][] = Array.isArray(value)
    ? value.map((entry: YamlValue) => ['', entry])
    : Object.entries(value)
  const words = entries.map(([key, entry]) => `${key === '' ? '' : `${key}: `}${describe(entry)}`)
  return words.filter((word) => word !== '').join(', ')
}
