/** `pressrun lists edit`: what an editor changes about a List, and whom of its readers that concerns. */

import { findList, type List, type ListSettings, saveSettings } from '../audience/list.js'
import { countChoices } from '../audience/preferences.js'
import type { Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { formatNumber } from '../report/columns.js'
import { checkSettings, describeTopics, type ListFlags, readSettings } from './list-flags.js'

export interface EditAnswer {
  readonly list: string
  readonly changes: readonly { readonly what: string; readonly from: string; readonly to: string }[]
  /** Active readers who have chosen a topic that is gone. */
  readonly choseGone: number
  /** False: a dry run. */
  readonly written: boolean
}

/** Throws InputError when there is no such List, or it can't be like that. */
export async function editList(
  name: string,
  flags: ListFlags & { readonly dryRun?: boolean },
  { query }: { readonly query: Query },
): Promise<EditAnswer> {
  const wanted = readSettings(flags)
  return transact(query, 'list', async (trx) => {
    const before = await findList(trx, name)
    const after = { ...before, ...wanted }
    checkSettings(before.name, after)
    const gone = before.topics.filter((topic) => !after.topics.some((one) => one.name === topic.name))
    const choseGone = await countChoices(trx, {
      listId: before.id,
      topics: gone.map((topic) => topic.name),
    })
    if (!flags.dryRun) await saveSettings(trx, before.id, after)
    return { list: before.name, changes: changesOf(before, after), choseGone, written: !flags.dryRun }
  })
}

function changesOf(before: List, after: ListSettings): EditAnswer['changes'] {
  const written = (settings: ListSettings) => ({
    title: settings.title,
    description: settings.description === '' ? 'none' : settings.description,
    archive: settings.isPublic ? 'public' : 'private',
    'sign-up': settings.isOpen ? 'open' : 'closed',
    topics: describeTopics(settings.topics),
    'one a month': settings.hasMonthly ? 'for those who ask' : 'no',
  })
  const to = Object.entries(written(after))
  const from = Object.values(written(before))
  return to.flatMap(([what, value], at) => {
    const old = from[at] ?? ''
    return old === value ? [] : [{ what, from: old, to: value }]
  })
}

export function printEdit({ list, changes, choseGone, written }: EditAnswer): string {
  if (changes.length === 0) return `the List "${list}" is so already\n`
  const lines = [
    `the List "${list}" ${written ? 'is changed' : 'would be changed'}:`,
    ...changes.map(({ what, from, to }) => `  ${what}: ${from} → ${to}`),
  ]
  if (choseGone > 0)
    lines.push(
      `${formatNumber(choseGone)} ${choseGone === 1 ? 'reader has' : 'readers have'} chosen a topic that is gone; what they did not choose they do not get either`,
    )
  return `${lines.join('\n')}\n`
}
