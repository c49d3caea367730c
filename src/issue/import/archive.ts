/** An export of another program: many posts, each known by a name before it is read. */

import type { PostFields } from './post.js'

/** Where programs' own exports come from, and plain folders of files. */
const ARCHIVE_KINDS = ['substack', 'ghost', 'mailchimp', 'buttondown', 'markdown', 'html'] as const
export type ArchiveKind = (typeof ARCHIVE_KINDS)[number]

export type ArchiveText =
  | { readonly kind: 'html' | 'markdown'; readonly source: string }
  /** A file of the export, by its path from the export's folder; a page has more in it than the text. */
  | { readonly kind: 'file'; readonly file: string; readonly as: 'html' | 'page' | 'markdown' }
  | { readonly kind: 'missing'; readonly message: string }

export interface ArchivePost {
  /** The export's own name for it, such as `shore-power`. */
  readonly name: string
  /** As messages name it. */
  readonly where: string
  /** Only what was published is taken unasked. */
  readonly state: 'published' | 'draft' | 'page'
  /** What the export says about it: believed before the post itself. */
  readonly fields: PostFields
  /** What its file's name says: believed where nothing else says more. */
  readonly fallback: PostFields
  readonly text: ArchiveText
  /** Where in the export its images are looked for, '' for its top. */
  readonly folder: string
}

/** A row of a table, by the names of its columns in small letters. */
export type Row = ReadonlyMap<string, string>

/** A file's name without its folder and ending, and the date that programs put before it. */
export function nameOfFile(file: string): { readonly name: string; readonly date: string | null } {
  const parts = file.split('/')
  const last = (parts.at(-1) ?? '').replace(/\.(?:md|markdown|mdx|html?|xhtml|txt)$/i, '')
  // Hugo keeps a post as a folder with an index in it.
  const stem = /^_?index$/i.test(last) && parts.length > 1 ? (parts.at(-2) ?? last) : last
  const [, date, name] = /^(\d{4}-\d{2}-\d{2})[-_ ]*(.*)$/.exec(stem) ?? []
  return { name: name || stem, date: date ?? null }
}
