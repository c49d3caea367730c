/**
 * Ghost's export: one JSON file with every table (docs.ghost.org/migration/ghost, docs.ghost.org/migration/custom):
 * `db[0].data` or `data`, with posts, users, and who wrote which.
 */

import { z } from 'zod'
import type { Author } from '../issue.js'
import { type DateReading, readAnyDate } from './any-date.js'
import type { ArchivePost } from './archive.js'
import { lineOfText, NO_FIELDS, type PostImage } from './post.js'

/** What Ghost writes in the place of its own address; without it a path is left, for --site or a file to complete. */
const SITE_MARK = /__GHOST_URL__/g

const text = z.coerce.string().nullish().catch(null)
const id = z.union([z.string(), z.number()]).transform(String)

const data = z.object({
  posts: z.array(
    z.object({
      id: id.optional(),
      title: text,
      slug: text,
      html: z.string().nullish(),
      plaintext: z.string().nullish(),
      status: text,
      type: text,
      page: z.unknown().optional(),
      published_at: text,
      created_at: text,
      custom_excerpt: text,
      meta_description: text,
      locale: text,
      feature_image: text,
      image: text,
      author_id: id.nullish().catch(null),
    }),
  ),
  users: z.array(z.object({ id, name: text, website: text })).default([]),
  posts_authors: z
    .array(z.object({ post_id: id, author_id: id, sort_order: z.coerce.number().nullish().catch(0) }))
    .default([]),
  posts_meta: z
    .array(
      z.object({
        post_id: id,
        feature_image_alt: text,
        feature_image_caption: text,
        email_subject: text,
        meta_description: text,
      }),
    )
    .default([]),
})

const file = z.union([
  z.object({ db: z.array(z.object({ data })).min(1) }).transform(({ db }) => db.map((one) => one.data)),
  z.object({ data }).transform((one) => [one.data]),
])

type Data = z.infer<typeof data>
type GhostPost = Data['posts'][number]

export interface GhostContext extends DateReading {
  /** The file, as messages name it. */
  readonly where: string
}

/** The posts of an export; null when `value` is none. */
export function readGhost(value: unknown, context: GhostContext): readonly ArchivePost[] | null {
  const parsed = file.safeParse(value)
  if (!parsed.success) return null
  return parsed.data.flatMap((tables) =>
    tables.posts.map((post, index) => readPost(post, index, tables, context)),
  )
}

function readPost(post: GhostPost, index: number, tables: Data, context: GhostContext): ArchivePost {
  const { where, timeZone } = context
  const name = lineOfText(post.slug) ?? lineOfText(post.id) ?? `post-${index + 1}`
  const meta = tables.posts_meta.find(({ post_id }) => post_id === post.id)
  const isPage = post.type === 'page' || post.page === 1 || post.page === true
  const isPublished =
    post.status === null || post.status === undefined || /^(?:published|sent)$/.test(post.status)
  const written = lineOfText(post.published_at) ?? (isPublished ? null : lineOfText(post.created_at))
  const html = (post.html ?? '').replace(SITE_MARK, '')
  return {
    name,
    where: `${where}, post "${name}"`,
    state: isPage ? 'page' : isPublished ? 'published' : 'draft',
    fields: {
      ...NO_FIELDS,
      title: lineOfText(post.title),
      slug: name,
      date: written === null ? null : readAnyDate(written, { timeZone }),
      authors: authorsOf(post, tables),
      subject: lineOfText(meta?.email_subject),
      preheader:
        lineOfText(post.custom_excerpt) ?? lineOfText(meta?.meta_description ?? post.meta_description),
      lang: lineOfText(post.locale),
      image: imageOf(post, meta),
    },
    fallback: NO_FIELDS,
    text: textOf(post, html),
    folder: '',
  }
}

function textOf({ plaintext }: GhostPost, html: string): ArchivePost['text'] {
  if (html.trim() !== '') return { kind: 'html', source: html }
  if ((plaintext ?? '').trim() === '')
    return {
      kind: 'missing',
      message: 'the export has no html of it; open and save it in Ghost, and export again',
    }
  const paragraphs = (plaintext ?? '')
    .split(/\n\s*\n/)
    .map((one) => `<p>${one.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</p>`)
  return { kind: 'html', source: paragraphs.join('\n') }
}

/** In the order that Ghost shows them. */
function authorsOf({ id: postId, author_id }: GhostPost, { users, posts_authors }: Data): readonly Author[] {
  const rows = posts_authors.filter(({ post_id }) => post_id === postId)
  const sorted = rows
    .toSorted((a, b) => (a.sort_order ?? 0) - (b.sort_order ?? 0))
    .map((row) => row.author_id)
  const ids = sorted.length > 0 ? sorted : author_id ? [author_id] : []
  return ids.flatMap((wanted) => {
    const user = users.find((each) => each.id === wanted)
    const name = lineOfText(user?.name)
    return name === null ? [] : [{ name, url: lineOfText(user?.website) }]
  })
}

function imageOf(
  { feature_image, image }: GhostPost,
  meta: Data['posts_meta'][number] | undefined,
): PostImage | null {
  const source = lineOfText(feature_image) ?? lineOfText(image)
  if (source === null) return null
  return {
    source: source.replace(SITE_MARK, ''),
    alt: lineOfText(meta?.feature_image_alt) ?? '',
    caption: lineOfText(meta?.feature_image_caption?.replace(/<[^>]*>/g, '')) ?? '',
  }
}
