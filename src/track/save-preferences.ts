/** Saves what a person has changed on their page of preferences. Leaving acts at once; joining asks by mail first. */

import type { Query } from '../db/db.js'
import { insertEvents } from '../event/event.js'
import type { ReaderLanguage } from '../issue/reader-language.js'
import type { Keys } from '../link/token.js'
import { askToJoin } from './ask.js'
import { holdPerson } from './hold-person.js'
import { type ListChoice, type PersonPreferences, printPreferences, readPreferences } from './preferences.js'
import { restoreSubscription } from './restore.js'
import { type Act, leave, readAct } from './unsubscribe.js'

/** What a form says of a List. */
export interface ListForm {
  readonly id: number
  readonly isOn: boolean
  readonly topics: readonly string[]
  readonly monthly: boolean
}

export interface PreferencesForm {
  readonly lang: ReaderLanguage | null
  readonly lists: readonly ListForm[]
}

export interface SaveContext {
  readonly act: Act
  readonly keys: Keys
  readonly now: number
  /** Of Notices, where the person has chosen none. */
  readonly pageLang: ReaderLanguage
}

/** Titles of Lists, by what came of them. */
export interface SavedPreferences {
  readonly left: readonly string[]
  readonly back: readonly string[]
  /** A mail asks for their yes. */
  readonly asked: readonly string[]
  readonly changed: readonly string[]
  readonly isLanguageChanged: boolean
}

/** Run it in a transaction. `shown` is what the page said when it was opened. Null: the person is gone. */
export async function savePreferences(
  trx: Query,
  subscriberId: number,
  {
    shown,
    wanted,
    ...context
  }: SaveContext & { readonly shown: PreferencesForm; readonly wanted: PreferencesForm },
): Promise<SavedPreferences | null> {
  // One page at a time.
  await holdPerson(trx, subscriberId)
  const current = await readPreferences(trx, subscriberId, context)
  if (current === null) return null
  const done = { left: [] as string[], back: [] as string[], asked: [] as string[], changed: [] as string[] }
  for (const want of wanted.lists) {
    const list = current.lists.find(({ id }) => id === want.id)
    const was = shown.lists.find(({ id }) => id === want.id)
    if (list === undefined || was === undefined) continue
    const kind = await saveList(trx, { list, was, want }, { current, ...context })
    if (kind !== null) done[kind].push(list.title)
  }
  const isLanguageChanged = wanted.lang !== shown.lang && wanted.lang !== current.lang
  if (isLanguageChanged) await saveLanguage(trx, subscriberId, { ...context, lang: wanted.lang })
  return { ...done, isLanguageChanged }
}

interface ListChange {
  readonly list: ListChoice
  readonly was: ListForm
  readonly want: ListForm
}

async function saveList(
  trx: Query,
  { list, was, want }: ListChange,
  context: SaveContext & { readonly current: PersonPreferences },
): Promise<keyof Omit<SavedPreferences, 'isLanguageChanged'> | null> {
  if (was.isOn && !want.isOn) return (await leaveList(trx, list, context)) ? 'left' : null
  if (!was.isOn && want.isOn) return joinList(trx, list, context)
  if (list.standing !== 'active') return null
  // What this page has not changed stays as another has left it.
  const topics = areSame(want.topics, was.topics) ? list.wanted : want.topics
  const monthly = want.monthly === was.monthly ? list.monthly : want.monthly
  return (await saveWishes(trx, list, { ...context, topics, monthly })) ? 'changed' : null
}

async function leaveList(
  trx: Query,
  { id, name, title, subscriptionId }: ListChoice,
  { current: { subscriberId }, act, now }: SaveContext & { readonly current: PersonPreferences },
): Promise<boolean> {
  if (subscriptionId === null) return false
  return leave(trx, { id: subscriptionId, subscriberId, list: { id, name, title } }, { act, now })
}

async function joinList(
  trx: Query,
  { id, standing, subscriptionId }: ListChoice,
  { current, act, keys, now, pageLang }: SaveContext & { readonly current: PersonPreferences },
): Promise<'back' | 'asked' | null> {
  switch (standing) {
    case 'active':
      return null
    case 'left': {
      const detail = readAct(act)
      const isBack =
        subscriptionId !== null && (await restoreSubscription(trx, { subscriptionId, detail, keys, now }))
      return isBack ? 'back' : null
    }
    case 'pending':
    case 'open':
      // The same word whether a mail goes out or not: whoever holds the link learns nothing by it.
      await askToJoin(trx, current, { listId: id, act, keys, now, pageLang })
      return 'asked'
  }
}

/** False: it is what they have wished already. */
async function saveWishes(
  trx: Query,
  list: ListChoice,
  {
    current: { subscriberId },
    act,
    now,
    topics,
    monthly,
  }: SaveContext & {
    readonly current: PersonPreferences
    readonly topics: readonly string[]
    readonly monthly: boolean
  },
): Promise<boolean> {
  const row = await trx
    .selectFrom('subscription')
    .select('preferences')
    .where('id', '=', list.subscriptionId ?? 0)
    .executeTakeFirst()
  const before = row?.preferences ?? '{}'
  const preferences = printPreferences(before, list, { topics, monthly })
  if (row === undefined || preferences === before) return false
  await trx
    .updateTable('subscription')
    .set({ preferences, changed_at: now })
    .where('id', '=', list.subscriptionId ?? 0)
    .execute()
  const detail = { ...readAct(act), preferences }
  await insertEvents(trx, [{ kind: 'preferred', at: now, subscriberId, listId: list.id, detail }])
  return true
}

async function saveLanguage(
  trx: Query,
  subscriberId: number,
  { act, now, lang }: Pick<SaveContext, 'act' | 'now'> & { readonly lang: ReaderLanguage | null },
): Promise<void> {
  await trx.updateTable('subscriber').set({ lang, changed_at: now }).where('id', '=', subscriberId).execute()
  const detail = { ...readAct(act), language: lang ?? '' }
  await insertEvents(trx, [{ kind: 'preferred', at: now, subscriberId, detail }])
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one))
}
