/** `pressrun pause`: no message more is begun; what is in flight finishes. */

import type { Query } from '../db/db.js'
import { type Change, pauseSend } from '../send/life.js'
import { alreadySo, answerOf, type ChangeAnswer } from './change.js'

export async function pauseCommand(
  sendId: number,
  { query, by }: { readonly query: Query; readonly by: string },
): Promise<ChangeAnswer> {
  const change = await pauseSend(sendId, { query, reason: `paused by ${by}` })
  return answerOf(sendId, change, sentence(sendId, change))
}

function sentence(sendId: number, change: Change): string {
  if (change.kind === 'already') return alreadySo(sendId, change)
  if (change.kind === 'refused') return `Send ${sendId} is ${change.state}; there is nothing to pause`
  return `Send ${sendId} is paused; pressrun resume ${sendId} goes on, pressrun supersede ${sendId} goes on with the corrected issue`
}
