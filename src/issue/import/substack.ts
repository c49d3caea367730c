/**
 * Substack's export, unzipped: `posts.csv` (post_id, post_date, is_published, type, title, subtitle, podcast_url …) and
 * a file `posts/ID.slug.html` for each, which holds the text alone.
 */

import { type DateReading, readAnyDate } from './any-date.js'
import type { ArchivePost, Row } from './archive.js'
import { lineOfText, NO_FIELDS } from './post.js'

export interface SubstackExport extends DateReading {
  readonly rows: readonly Row[]
  /** Paths of all files. */
  readonly files: readonly string[]
  /** The folder that holds `posts.csv`, '' or with a slash behind it. */
  readonly folder: string
}

export function readSubstack({ rows, files, folder, timeZone }: SubstackExport): readonly ArchivePost[] {
  return rows.flatMap((row): readonly ArchivePost[] => {
    const id = lineOfText(row.get('post_id'))
    if (id === null) return []
    const [number = id, ...rest] = id.split('.')
    const file = files.find((each) => {
      const base = each.startsWith(`${folder}posts/`) ? each.slice(`${folder}posts/`.length) : ''
      return (
        base === `${id}.html` ||
        (rest.length === 0 && base.startsWith(`${number}.`) && base.endsWith('.html'))
      )
    })
    const slug = rest.join('.') || file?.replace(/^.*\/\d+\.|\.html$/g, '') || id
    const written = lineOfText(row.get('post_date')) ?? lineOfText(row.get('email_sent_at'))
    const isPublished = /^(?:true|1|yes)$/i.test(row.get('is_published') ?? '')
    return [
      {
        name: slug,
        where: file ?? `${folder}posts.csv, post "${id}"`,
        state: row.get('type') === 'page' ? 'page' : isPublished ? 'published' : 'draft',
        fields: {
          ...NO_FIELDS,
          title: lineOfText(row.get('title')),
          slug,
          date: written === null ? null : readAnyDate(written, { timeZone }),
          preheader: lineOfText(row.get('subtitle')),
          player: lineOfText(row.get('podcast_url')),
        },
        fallback: NO_FIELDS,
        text:
          file === undefined
            ? {
                kind: 'missing',
                message: `there is no file ${folder}posts/${id}.html; unzip the whole export`,
              }
            : { kind: 'file', file, as: 'html' },
        folder: `${folder}posts`,
      },
    ]
  })
}
