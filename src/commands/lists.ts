/** `pressrun lists`: every List, with how many are on it. */

import { type CountedList, countLists } from '../audience/list.js'
import type { Query } from '../db/db.js'
import { alignColumns, type Cell } from '../report/columns.js'

export function listsCommand(query: Query, now: number): Promise<readonly CountedList[]> {
  return countLists(query, now)
}

export function printLists(lists: readonly CountedList[]): string {
  if (lists.length === 0) return 'there is no list yet; pressrun lists new NAME makes one\n'
  const head: Cell[] = ['name', 'title', '', '', 'active', 'paused', 'pending', 'unsubscribed']
  const rows = lists.map((list): Cell[] => [
    list.name,
    list.title,
    list.isPublic ? 'public' : 'private',
    list.isOpen ? 'open' : 'closed',
    list.active,
    list.paused,
    list.pending,
    list.unsubscribed,
  ])
  return `${alignColumns([head, ...rows]).join('\n')}\n`
}
