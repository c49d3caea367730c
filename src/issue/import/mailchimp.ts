/**
 * Mailchimp's account export, unzipped: a table of all campaigns, and a folder `campaigns_content` with a page for each
 * (mailchimp.com/help/export-and-back-up-account-data). Which row belongs to which page, no column says; its
 * id or its title in the file's name does.
 */

import { slugify } from '../anchor.js'
import { type DateReading, readAnyDate } from './any-date.js'
import { type ArchivePost, nameOfFile, type Row } from './archive.js'
import { lineOfText, NO_FIELDS } from './post.js'

export interface MailchimpExport extends DateReading {
  /** None when the table is missing. */
  readonly rows: readonly Row[]
  /** Paths of the campaigns' pages. */
  readonly pages: readonly string[]
}

export function readMailchimp({ rows, pages, timeZone }: MailchimpExport): readonly ArchivePost[] {
  return pages.map((file): ArchivePost => {
    const { name, date } = nameOfFile(file)
    const row = findRow(rows, name)
    const written = lineOfText(row?.get('send date') ?? row?.get('send_date') ?? row?.get('send time'))
    const subject = lineOfText(row?.get('subject') ?? row?.get('subject line'))
    const title = lineOfText(row?.get('title') ?? row?.get('campaign name'))
    const slug = name.replace(/^\d+[-_ .]+/, '')
    return {
      name: slug,
      where: file,
      state: 'published',
      fields: {
        ...NO_FIELDS,
        // The title is for the sender's own list; readers saw the subject.
        title: subject ?? title,
        slug,
        date: (written === null ? null : readAnyDate(written, { timeZone })) ?? date,
      },
      fallback: NO_FIELDS,
      text: { kind: 'file', file, as: 'page' },
      folder: file.split('/').slice(0, -1).join('/'),
    }
  })
}

function findRow(rows: readonly Row[], name: string): Row | undefined {
  const byId = rows.find((row) => {
    const id = lineOfText(row.get('unique id') ?? row.get('unique_id') ?? row.get('campaign id'))
    return id !== null && name.split(/[-_. ]/).includes(id)
  })
  const wanted = slugify(name.replace(/^\d+[-_ .]+/, ''))
  return (
    byId ??
    rows.find((row) => ['title', 'subject', 'campaign name'].some((key) => isTitle(row.get(key), wanted)))
  )
}

function isTitle(title: string | undefined, wanted: string): boolean {
  return title !== undefined && wanted !== '' && slugify(title) === wanted
}
