/** `pressrun cancel`: a Send ends for good; who has not got a message yet gets none of it. */

import type { Store } from '../app/store.js'
import { formatNumber } from '../report/columns.js'
import { readStatus } from '../report/status.js'
import { cancelSend, sweepCancelled } from '../send/life.js'
import { alreadySo, answerOf, type ChangeAnswer } from './change.js'

export async function cancelCommand(
  sendId: number,
  { store, by }: { readonly store: Store; readonly by: string },
): Promise<ChangeAnswer> {
  const { db, now } = store
  const change = await cancelSend(sendId, { query: db.query, reason: `cancelled by ${by}` })
  if (change.kind === 'refused')
    return answerOf(sendId, change, `Send ${sendId} is ${change.state}; everyone in it has come to an end`)
  await sweepCancelled(sendId, { query: db.query, now })
  return answerOf(sendId, change, change.kind === 'already' ? alreadySo(sendId, change) : await outcome())

  async function outcome(): Promise<string> {
    const { sent, sending, uncertain } = await readStatus(db.query, sendId)
    const got = `${formatNumber(sent)} had got it`
    const flying = sending > 0 ? `, ${formatNumber(sending)} in flight come to their end` : ''
    const unknown = uncertain > 0 ? `, ${formatNumber(uncertain)} uncertain` : ''
    return `Send ${sendId} is cancelled: ${got}${flying}${unknown}; nobody else gets it`
  }
}
