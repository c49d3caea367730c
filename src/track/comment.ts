/**
 * Comment: a subscriber says something under an Issue. Nobody sees it before an editor has shown it. A person's first one
 * waits for their own mailbox too: the link came with a message, and messages are forwarded.
 *
 * Name and text are erased by track/erase.ts.
 */

import { findSuppressions } from '../audience/suppression.js'
import { takeLock } from '../db/advisory-lock.js'
import type { Db, Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { insertEvents } from '../event/event.js'
import type { ReaderLanguage } from '../issue/reader-language.js'
import { hashAddress, type Keys } from '../link/token.js'
import { createNotice, useNotice } from '../send/notice/notice.js'
import { type Cap, capKey, takeCap, takeCaps } from './cap.js'
import type { Commenter } from './commenter.js'
import { holdPerson } from './hold-person.js'

const DAY_MS = 86_400_000
/** How long the mail's link works; a comment that nobody confirmed is forgotten a day later. */
const CONFIRM_MS = 7 * DAY_MS
const FORGET_MS = 8 * DAY_MS
/** Sent again sooner, it is a second click; later, the mail did not come. */
const RESEND_MS = 600_000
/** A day's comments: of one person, from one network, under one Issue; and mails that a person's links can cause. */
const PER_PERSON = 10
const PER_NETWORK = 30
const PER_ISSUE = 300
const MAILS_PER_PERSON = 3
/** Characters of it that the mail repeats. */
const MAX_EXCERPT = 200

export interface NewComment {
  readonly issueId: number
  /** The Issue's, for the mail. */
  readonly title: string
  readonly commenter: Commenter
  /** As `readCommentWords` has found them good. */
  readonly name: string
  readonly text: string
  readonly network: string
  readonly agent: string
  /** Of the mail, where the person has chosen none. */
  readonly lang: ReaderLanguage
}

/** `asked`: their mailbox is asked first. `gone`: erased or moved meanwhile. The same words once more are kept once. */
export type Left = { readonly kind: 'held' | 'asked' | 'tooMany' | 'gone' }

interface CommentContext {
  readonly keys: Keys
  readonly now: number
}

export async function leaveComment(
  db: Pick<Db, 'query'>,
  comment: NewComment,
  { keys, now }: CommentContext,
): Promise<Left> {
  const { issueId, commenter, name, text, network, agent } = comment
  const { subscriberId, addressKey } = commenter
  return transact(db.query, 'comment', async (trx) => {
    if ((await holdPerson(trx, subscriberId)) !== addressKey) return { kind: 'gone' }
    if (!(await areWithinCaps(trx, comment, { keys, now }))) return { kind: 'tooMany' }
    const said = await findSaid(trx, { issueId, subscriberId, text })
    if (said !== null && said.state !== 'unconfirmed') return { kind: 'held' }
    if (said !== null && said.at > now - RESEND_MS) return { kind: 'asked' }
    if (await hasConfirmed(trx, subscriberId)) {
      const id = await insertComment(trx, { issueId, subscriberId, name, text, state: 'held', now })
      await insertEvents(trx, [
        {
          kind: 'commented',
          at: now,
          subscriberId,
          listId: commenter.listId,
          deliveryId: commenter.deliveryId,
          detail: { how: 'link', comment: id, network, agent },
        },
      ])
      return { kind: 'held' }
    }
    const addressHash = hashAddress(keys, addressKey)
    // Nothing is mailed to them, so nothing could ever confirm it.
    if ((await findSuppressions(trx, [addressHash])).size > 0) return { kind: 'asked' }
    const mails = capKey(keys, 'ask comment', subscriberId)
    if (!(await takeCap(trx, { key: mails, limit: MAILS_PER_PERSON, windowMs: DAY_MS, now })))
      return { kind: 'tooMany' }
    const id =
      said?.id ?? (await insertComment(trx, { issueId, subscriberId, name, text, state: 'unconfirmed', now }))
    await askMailbox(trx, comment, { id, addressHash, now })
    return { kind: 'asked' }
  })
}

export interface Confirmation {
  readonly noticeId: number
  readonly commentId: number
  readonly subscriberId: number
  readonly network: string
  readonly agent: string
  readonly now: number
}

/** `gone`: it was forgotten or erased meanwhile. Once more is answered the same. */
export async function confirmComment(
  db: Pick<Db, 'query'>,
  { noticeId, commentId, subscriberId, network, agent, now }: Confirmation,
): Promise<'held' | 'gone'> {
  return transact(db.query, 'confirmComment', async (trx) => {
    await takeLock(trx, 'people', 'shared')
    await useNotice(trx, noticeId, now)
    const held = await trx
      .updateTable('comment')
      .set({ state: 'held' })
      .where('id', '=', commentId)
      .where('subscriber_id', '=', subscriberId)
      .where('state', '=', 'unconfirmed')
      .returning('id')
      .executeTakeFirst()
    if (held === undefined) return (await findOwn(trx, commentId, subscriberId)) === null ? 'gone' : 'held'
    const detail = { how: 'notice', comment: commentId, network, agent }
    await insertEvents(trx, [{ kind: 'commented', at: now, subscriberId, detail }])
    return 'held'
  })
}

/** A comment of that person's; null when it was forgotten or erased. */
export async function findOwn(query: Query, id: number, subscriberId: number) {
  const row = await query
    .selectFrom('comment')
    .innerJoin('issue', 'issue.id', 'comment.issue_id')
    .select(['comment.name', 'comment.text', 'comment.state', 'issue.slug'])
    .where('comment.id', '=', id)
    .where('comment.subscriber_id', '=', subscriberId)
    .executeTakeFirst()
  return row ?? null
}

/** Those that no mailbox has confirmed in time. Returns how many. */
export async function forgetUnconfirmed(query: Query, now: number): Promise<number> {
  const { numDeletedRows } = await query
    .deleteFrom('comment')
    .where('state', '=', 'unconfirmed')
    .where('at', '<=', now - FORGET_MS)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

async function areWithinCaps(
  trx: Query,
  { issueId, commenter, network }: NewComment,
  { keys, now }: CommentContext,
): Promise<boolean> {
  const cap = (what: string, whose: string | number, limit: number): Cap => ({
    key: capKey(keys, `comment ${what}`, whose),
    limit,
    windowMs: DAY_MS,
    now,
  })
  const refusedBy = await takeCaps(trx, [
    cap('person', commenter.subscriberId, PER_PERSON),
    ...(network === '' ? [] : [cap('network', network, PER_NETWORK)]),
    cap('issue', issueId, PER_ISSUE),
  ])
  return refusedBy === null
}

/** The same words of the same person in the same place: sent twice, not said twice. */
async function findSaid(
  trx: Query,
  { issueId, subscriberId, text }: Pick<NewComment, 'issueId' | 'text'> & { readonly subscriberId: number },
) {
  const row = await trx
    .selectFrom('comment')
    .select(['id', 'state', 'at'])
    .where('subscriber_id', '=', subscriberId)
    .where('issue_id', '=', issueId)
    .where('text', '=', text)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** Whether their mailbox has confirmed one before. */
async function hasConfirmed(trx: Query, subscriberId: number): Promise<boolean> {
  const row = await trx
    .selectFrom('comment')
    .select('id')
    .where('subscriber_id', '=', subscriberId)
    .where('state', '!=', 'unconfirmed')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

interface CommentRow {
  readonly issueId: number
  readonly subscriberId: number
  readonly name: string
  readonly text: string
  readonly state: 'unconfirmed' | 'held'
  readonly now: number
}

async function insertComment(
  trx: Query,
  { issueId, subscriberId, name, text, state, now }: CommentRow,
): Promise<number> {
  const { id } = await trx
    .insertInto('comment')
    .values({ issue_id: issueId, subscriber_id: subscriberId, name, text, state, at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function askMailbox(
  trx: Query,
  { commenter, title, text, lang }: NewComment,
  { id, addressHash, now }: { readonly id: number; readonly addressHash: string; readonly now: number },
): Promise<void> {
  const { subscriberId, listId, address, name } = commenter
  await createNotice(trx, {
    kind: 'comment',
    address,
    addressHash,
    name,
    lang,
    listId,
    subscriberId,
    detail: { commentId: id, title, excerpt: excerptOf(text) },
    now,
    validMs: CONFIRM_MS,
  })
}

/** Its beginning, on one line. */
function excerptOf(text: string): string {
  const characters = Array.from(text.replace(/\s+/g, ' '))
  const isWhole = characters.length <= MAX_EXCERPT
  return isWhole ? characters.join('') : `${characters.slice(0, MAX_EXCERPT).join('')}…`
}
