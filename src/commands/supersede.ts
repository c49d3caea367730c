/** `pressrun supersede`: stop a Send, and go on with the corrected issue for those whom it had not reached. */

import { checkRelays } from '../app/relay-check.js'
import { sweepCancelled } from '../send/life.js'
import { repeatOf, supersedeSend } from '../send/repeat.js'
import { findSend } from '../send/send.js'
import { hasErrors } from './prepare.js'
import {
  beginRepeat,
  compileRepeat,
  pin,
  type RepeatAnswer,
  type RepeatContext,
  type RepeatRequest,
  refuse,
} from './repeated.js'

/** Compiles first: an issue that can't be sent must not stop what is under way. Throws InputError as `send` does. */
export async function supersedeCommand(
  request: RepeatRequest,
  context: RepeatContext,
): Promise<RepeatAnswer> {
  const { sendId, by } = request
  const { db, now } = context.store
  const earlier = await findSend(db.query, sendId)
  if (earlier.state === 'finished') return refuse(finished(sendId))
  const before = await repeatOf(db.query, sendId, 'cancelled')
  if (before) return refuse(superseded(sendId, before.sendId))
  const build = await compileRepeat(request, earlier, context)
  if (build !== null && hasErrors(build)) return { kind: 'blocked', build }
  if (build?.compilation.hash === earlier.hash)
    return refuse(
      `${build.file} is what Send ${sendId} sends; change it first, or pressrun supersede ${sendId} --unchanged goes on with it as it is`,
    )
  await checkRelays(context.config, context.say)
  const created = await supersedeSend(sendId, { query: db.query, now, by, pinned: pin(build) })
  if (created.kind === 'refused') return refuse(finished(sendId))
  if (created.kind === 'exists') return refuse(superseded(sendId, created.sendId))
  await sweepCancelled(sendId, { query: db.query, now })
  return beginRepeat(
    created.sendId,
    `Send ${created.sendId} takes the place of Send ${sendId}, for those whom that one had not reached`,
    context,
  )
}

function finished(sendId: number): string {
  return `Send ${sendId} is finished: nobody is left who could get a correction instead; what corrects it is an issue of its own`
}

function superseded(sendId: number, by: number): string {
  return `Send ${sendId} was superseded before, by Send ${by}; pressrun supersede ${by} goes on from there`
}
