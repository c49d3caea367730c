/** `pressrun resume`: a paused Send goes on where it was. */

import type { Store } from '../app/store.js'
import { writeSchedule } from '../report/print.js'
import { readStatus } from '../report/status.js'
import { type Change, resumeSend } from '../send/life.js'
import { alreadySo, answerOf, type ChangeAnswer } from './change.js'

export async function resumeCommand(sendId: number, { db, now }: Store): Promise<ChangeAnswer> {
  const change = await resumeSend(sendId, { query: db.query, now })
  const time = change.state === 'scheduled' ? writeSchedule(await readStatus(db.query, sendId)) : null
  return answerOf(sendId, change, sentence(sendId, change, time))
}

function sentence(sendId: number, change: Change, time: string | null): string {
  if (change.kind === 'already') return alreadySo(sendId, change)
  if (change.kind === 'refused' && change.state === 'paused')
    return `Send ${sendId} is held: ${change.reason ?? 'pressrun adopt says why'}`
  if (change.kind === 'refused') return `Send ${sendId} is ${change.state}; only a paused one can be resumed`
  return time === null ? `Send ${sendId} goes on` : `Send ${sendId} is scheduled again, for ${time}`
}
