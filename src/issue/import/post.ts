/** A post of any origin, read and not yet written: what is known about it, and its text as blocks. */

import type { Author } from '../issue.js'
import type { DateReading } from './any-date.js'
import type { Block, Note } from './flow.js'

/** What is known of a post; null where the source says nothing. */
export interface PostFields {
  readonly title: string | null
  /** `YYYY-MM-DD` */
  readonly date: string | null
  readonly authors: readonly Author[]
  readonly subject: string | null
  readonly preheader: string | null
  /** A language tag as it was written. */
  readonly lang: string | null
  readonly number: string | null
  /** The source's own name for it, for the file's name. */
  readonly slug: string | null
  /** An image that stands above the text. */
  readonly image: PostImage | null
  /** A sound or film that belongs to it. */
  readonly player: string | null
}

export interface PostImage {
  readonly source: string
  readonly alt: string
  readonly caption: string
}

export interface Post {
  /** The file, or the file and the post in it, as messages name it. */
  readonly where: string
  readonly fields: PostFields
  readonly blocks: readonly Block[]
  readonly notes: readonly Note[]
  /** The page's own URL, null when it is not known. */
  readonly base: string | null
}

/** What reading a post takes from the publication and the call. */
export interface PostContext extends DateReading {
  /** How messages name the source. */
  readonly where: string
  /** The former site, against which short links are read; null when it was not named. */
  readonly site: string | null
}

export const NO_FIELDS: PostFields = {
  title: null,
  date: null,
  authors: [],
  subject: null,
  preheader: null,
  lang: null,
  number: null,
  slug: null,
  image: null,
  player: null,
}

/** `first` where it says something, else `second`. */
export function firstOf(first: PostFields, second: PostFields): PostFields {
  return {
    title: first.title ?? second.title,
    date: first.date ?? second.date,
    authors: first.authors.length > 0 ? first.authors : second.authors,
    subject: first.subject ?? second.subject,
    preheader: first.preheader ?? second.preheader,
    lang: first.lang ?? second.lang,
    number: first.number ?? second.number,
    slug: first.slug ?? second.slug,
    image: first.image ?? second.image,
    player: first.player ?? second.player,
  }
}

/** One line, or null when there is none. */
export function lineOfText(text: string | null | undefined): string | null {
  const line = (text ?? '').replace(/\s+/g, ' ').trim()
  return line === '' ? null : line
}
