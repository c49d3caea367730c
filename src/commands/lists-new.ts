/** `pressrun lists new`: a List, private and closed unless it is said otherwise. */

import { checkListName, createList, type List, lookUpList } from '../audience/list.js'
import type { Query } from '../db/db.js'
import { InputError } from '../errors.js'
import { checkSettings, describeSettings, type ListFlags, readSettings } from './list-flags.js'

export interface NewListAnswer extends Omit<List, 'id'> {
  /** False: a dry run. */
  readonly written: boolean
}

/** Throws InputError when there is such a List, or none can be like that. */
export async function newList(
  name: string,
  flags: ListFlags & { readonly dryRun?: boolean },
  { query, now }: { readonly query: Query; readonly now: () => number },
): Promise<NewListAnswer> {
  checkListName(name)
  const existing = await lookUpList(query, name)
  if (existing !== null)
    throw new InputError(
      `there is a List "${existing.name}" already; pressrun lists edit ${existing.name} changes it`,
    )
  const plain = {
    title: name,
    description: '',
    isPublic: false,
    isOpen: false,
    topics: [],
    hasMonthly: false,
  }
  const settings = { ...plain, ...readSettings(flags) }
  checkSettings(name, settings)
  if (!flags.dryRun) await createList(query, { name, ...settings, now: now() })
  return { name, ...settings, written: !flags.dryRun }
}

export function printNewList(list: NewListAnswer): string {
  const verb = list.written ? 'is there now' : 'would be made'
  return `the List "${list.name}" ${verb}: ${list.title}; ${describeSettings(list)}\n`
}
