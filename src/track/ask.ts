/**
 * Ask: what whoever holds a link may only ask for, and the person's own mailbox has to confirm: a forwarded issue must
 * not hand over a person. Each is capped, and nothing tells whether a mail went out.
 */

import { findSuppressions } from '../audience/suppression.js'
import type { Query } from '../db/db.js'
import type { NoticeKind } from '../db/schema.js'
import type { ReaderLanguage } from '../issue/reader-language.js'
import { hashAddress, type Keys } from '../link/token.js'
import { createNotice } from '../send/notice/notice.js'
import { capKey, takeCap } from './cap.js'
import { holdPerson } from './hold-person.js'
import type { PersonPreferences } from './preferences.js'
import type { Act } from './unsubscribe.js'

const DAY_MS = 86_400_000
/** Notices of one kind that one person's links can cause in a day. */
const LIMIT = 3
const JOIN_LIMIT = 10

interface AskContext {
  readonly keys: Keys
  readonly now: number
  /** Where the person has chosen none. */
  readonly pageLang: ReaderLanguage
}

type Asker = Omit<PersonPreferences, 'lists'>

/** Run it in a transaction. */
export async function ask(
  trx: Query,
  person: Asker,
  {
    kind,
    detail = {},
    ...context
  }: AskContext & {
    readonly kind: 'moveFrom' | 'export' | 'erase'
    readonly detail?: Readonly<Record<string, unknown>>
  },
): Promise<void> {
  await notify(trx, person, { kind, listId: null, detail, limit: LIMIT, validMs: DAY_MS, ...context })
}

/** Double opt-in, as from the public page. Run it in a transaction. */
export async function askToJoin(
  trx: Query,
  person: Asker,
  { listId, act, ...context }: AskContext & { readonly listId: number; readonly act: Act },
): Promise<void> {
  const { network = '', agent = '' } = act
  const detail = { network, userAgent: agent, at: context.now, from: 'page', page: 'preferences' }
  await notify(trx, person, {
    kind: 'confirm',
    listId,
    detail,
    limit: JOIN_LIMIT,
    validMs: 7 * DAY_MS,
    ...context,
  })
}

interface Asked extends AskContext {
  readonly kind: NoticeKind
  readonly listId: number | null
  readonly detail: Readonly<Record<string, unknown>>
  readonly limit: number
  readonly validMs: number
}

async function notify(
  trx: Query,
  { subscriberId, address, addressKey, name, lang }: Asker,
  { kind, listId, detail, limit, validMs, keys, now, pageLang }: Asked,
): Promise<void> {
  // Erased, or moved away from the address that would be written to.
  if ((await holdPerson(trx, subscriberId)) !== addressKey) return
  const addressHash = hashAddress(keys, addressKey)
  if ((await findSuppressions(trx, [addressHash])).size > 0) return
  const key = capKey(keys, `ask ${kind}`, subscriberId)
  if (!(await takeCap(trx, { key, limit, windowMs: DAY_MS, now }))) return
  await createNotice(trx, {
    kind,
    address,
    addressHash,
    name,
    lang: lang ?? pageLang,
    listId,
    subscriberId,
    detail,
    now,
    validMs,
  })
}
