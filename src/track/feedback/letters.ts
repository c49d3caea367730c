/**
 * Letters: what came back and nobody understood, with its envelope, kept for a person to look at. Not for ever, and not of anyone
 * who was erased.
 */

import { parseAddress } from '../../address.js'
import type { Query } from '../../db/db.js'

/** Of Messages of ours, and of nobody, which strangers may write without end: the oldest beyond that lose their bytes. */
const MAX_LETTERS = 1_000
const KEPT_MS = 90 * 86_400_000
const PAGE = 100
/** Of one verdict, in one pass. */
const MOST_FORGOTTEN = 1_000

/**
 * Takes out of letters that name one of these addresses all that was written, in the caller's transaction. A letter that writes it
 * in a way that only a mail program reads (base64) is gone with the others in 90 days.
 */
export async function forgetLetters(trx: Query, addressKeys: readonly string[]): Promise<void> {
  if (addressKeys.length === 0) return
  for (let after = 0; ; ) {
    const page = await trx
      .selectFrom('feedback')
      .select(['id', 'bytes', 'detail'])
      .where('verdict', '=', 'unknown')
      .where('bytes', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute()
    const naming = page.filter((letter) => namesOne(letter, addressKeys)).map(({ id }) => id)
    if (naming.length > 0)
      await trx.updateTable('feedback').set({ bytes: null, detail: '{}' }).where('id', 'in', naming).execute()
    const last = page.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

interface Letter {
  readonly bytes: Uint8Array | null
  readonly detail: string
}

function namesOne({ bytes, detail }: Letter, addressKeys: readonly string[]): boolean {
  if (bytes === null) return false
  // A long line of quoted-printable may break it in two.
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/=\r?\n/g, '')
  const texts = `${text}\n${sendersOf(detail).join('\n')}`.toLowerCase()
  return addressKeys.some((key) => texts.includes(key))
}

/** As it was said, and as an address of ours would be written. */
function sendersOf(detail: string): readonly string[] {
  // Written by `takeFeedback`.
  const { from = '' } = JSON.parse(detail) as { readonly from?: string }
  const parsed = parseAddress(from)
  return parsed.kind === 'address' ? [from, parsed.key] : [from]
}

/** Letters that are old or too many lose their bytes; what named nobody of ours is forgotten altogether when it is old. */
export async function forgetOldLetters({
  query,
  now,
}: {
  readonly query: Query
  readonly now: () => number
}): Promise<void> {
  const before = now() - KEPT_MS
  for (const verdict of ['unverified', 'unknown', 'nothing']) await forgetOld(query, { verdict, before })
  for (const isOurs of ['is not', 'is'] as const) await forgetSurplus(query, isOurs)
}

/** `is`: of nobody; `is not`: of a Message of ours. */
async function forgetSurplus(query: Query, isOurs: 'is' | 'is not'): Promise<void> {
  const [last] = await query
    .selectFrom('feedback')
    .select('id')
    .where('verdict', '=', 'unknown')
    .where('delivery_id', isOurs, null)
    .where('bytes', 'is not', null)
    .orderBy('id', 'desc')
    .offset(MAX_LETTERS)
    .limit(1)
    .execute()
  if (last === undefined) return
  await query
    .updateTable('feedback')
    .set({ bytes: null, detail: '{}' })
    .where('verdict', '=', 'unknown')
    .where('delivery_id', isOurs, null)
    .where('id', '<=', last.id)
    .where('bytes', 'is not', null)
    .execute()
}

/** Some of the oldest, so that nobody waits for it: ids grow with time. */
async function forgetOld(
  query: Query,
  { verdict, before }: { readonly verdict: string; readonly before: number },
): Promise<void> {
  const oldest = await query
    .selectFrom('feedback')
    .select(['id', 'at'])
    .where('verdict', '=', verdict)
    .orderBy('id')
    .limit(MOST_FORGOTTEN)
    .execute()
  const old = oldest.filter(({ at }) => at < before).map(({ id }) => id)
  if (old.length > 0) await query.deleteFrom('feedback').where('id', 'in', old).execute()
}
