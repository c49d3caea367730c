/** `pressrun new issue`: an issue file with the next number, to be written in place of each TODO. */

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openPast } from '../compile/past.js'
import { readTemplateFiles } from '../compile/template-files.js'
import { InputError } from '../errors.js'
import { describeForbidden } from '../issue/characters.js'
import { isCalendarDate } from '../issue/date.js'
import { slugOf } from '../issue/import/issue-slug.js'
import { parseIssue } from '../issue/parse.js'
import { readPublication } from '../issue/read.js'
import { writeSkeleton } from '../issue/skeleton.js'

export interface NewIssueInput {
  /** Absolute. */
  readonly root: string
  readonly title: string
  /** `YYYY-MM-DD`; null: today, where the publication is. */
  readonly date: string | null
  /** Null: the publication's. */
  readonly template: string | null
  readonly now: Date
}

/** Returns the file, relative to the root. Throws InputError when it is there already, or cannot be an issue. */
export async function newIssue({ root, title, date, template, now }: NewIssueInput): Promise<string> {
  const publication = await readPublication(root)
  if (date !== null && !isCalendarDate(date))
    throw new InputError(`${date} is not a day of the calendar; write a date as 2026-03-31`)
  const forbidden = describeForbidden(title)
  if (forbidden !== null) throw new InputError(`the title cannot stand so: ${forbidden}`)
  const name = template ?? publication.template
  await readTemplateFiles(root, name)
  const day = date ?? today(now, publication.timeZone)
  const slug = `${day}-${slugOf(title)}`
  const file = `issues/${slug}.md`
  const number = await nextNumber(root)
  const source = writeSkeleton({ title, date: day, number, template }, name === 'letter')
  parseIssue({ file, slug, source, publication })
  try {
    await writeFile(path.join(root, file), source, { flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    throw new InputError(`${file} is there already; choose another title or date`, { cause: error })
  }
  return file
}

/** One more than the highest there is; null where issues bear none. */
async function nextNumber(root: string): Promise<number | null> {
  const issues = await openPast()(root, null)
  const numbers = issues.flatMap(({ number }) => (number === null ? [] : [number]))
  if (numbers.length === 0) return issues.length === 0 ? 1 : null
  return Math.max(...numbers) + 1
}

/** The day it is in a time zone, null: the machine's. */
function today(now: Date, timeZone: string | null): string {
  const parts = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone: timeZone ?? undefined })
  return parts.format(now)
}
