/**
 * Buttondown's export, unzipped: `emails.json` or `emails.csv` (subject, publish_date, slug …) and `emails/SLUG.md`,
 * which may hold HTML. An answer of its API has the texts in it. What its own command `pull` writes has front matter
 * instead of a table, and is a folder of Markdown like any other.
 */

import { z } from 'zod'
import type { DateReading } from './any-date.js'
import type { ArchivePost } from './archive.js'
import { readFrontFields } from './front-fields.js'
import { toYamlValue } from './front-source.js'
import { lineOfText, NO_FIELDS } from './post.js'

export interface ButtondownExport extends DateReading {
  /** The table, as messages name it. */
  readonly where: string
  /** What JSON says, or the rows of the other form. */
  readonly value: unknown
  readonly files: readonly string[]
  /** The folder that holds the table, '' or with a slash behind it. */
  readonly folder: string
}

const text = z.coerce.string().nullish().catch(null)
const email = z.looseObject({
  id: text,
  subject: z.string(),
  publish_date: text,
  slug: text,
  body: z.string().nullish(),
  status: text,
})
const list = z.union([
  z.array(email),
  z.object({ results: z.array(email) }).transform(({ results }) => results),
])

/** What the fields of an email say that is no word of it. */
const SILENT = ['id', 'body', 'secondary_id', 'source', 'status', 'email_type', 'absolute_url', 'analytics']

/** The emails of an export; null when `value` is none. */
export function readButtondown({
  where,
  value,
  files,
  folder,
  timeZone,
}: ButtondownExport): readonly ArchivePost[] | null {
  const parsed = list.safeParse(value)
  if (!parsed.success || parsed.data.length === 0) return null
  return parsed.data.map((one, index): ArchivePost => {
    const name = lineOfText(one.slug) ?? lineOfText(one.id) ?? `email-${index + 1}`
    const told = Object.entries(one).filter(([key]) => !SILENT.includes(key))
    const values = Object.fromEntries(told.map(([key, entry]) => [key, toYamlValue(entry)]))
    const { fields } = readFrontFields(values, { lineOf: () => null, timeZone })
    const file = files.find(
      (each) => each === `${folder}emails/${name}.md` || each === `${folder}emails/${one.id}.md`,
    )
    const isOut = !one.status || /^(?:sent|imported|about_to_send|in_flight)$/.test(one.status)
    return {
      name,
      where: file ?? `${where}, email "${name}"`,
      state: isOut ? 'published' : 'draft',
      fields: { ...fields, slug: name },
      fallback: NO_FIELDS,
      text: textOf(one.body, file, `${folder}emails/${name}.md`),
      folder: `${folder}emails`,
    }
  })
}

function textOf(
  body: string | null | undefined,
  file: string | undefined,
  wanted: string,
): ArchivePost['text'] {
  if (file !== undefined) return { kind: 'file', file, as: 'markdown' }
  if (body) return { kind: 'markdown', source: body }
  return { kind: 'missing', message: `there is no file ${wanted}; unzip the whole export` }
}
