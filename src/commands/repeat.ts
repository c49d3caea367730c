/** `pressrun repeat`: once more, to those who failed in a Send that is over. */

import { checkRelays } from '../app/relay-check.js'
import { unreachable } from '../errors.js'
import { type CreatedRepeat, repeatOf, repeatSend } from '../send/repeat.js'
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

/** Throws InputError as `send` does. */
export async function repeatCommand(request: RepeatRequest, context: RepeatContext): Promise<RepeatAnswer> {
  const { sendId, by } = request
  const { db, now } = context.store
  const earlier = await findSend(db.query, sendId)
  const correction = await repeatOf(db.query, sendId, 'cancelled')
  if (correction !== null && request.issue === 'pinned')
    return refuse(
      `Send ${sendId} was superseded by Send ${correction.sendId}; pressrun repeat ${sendId} --corrected sends those who failed the issue as it is now`,
    )
  const build = await compileRepeat(request, earlier, context)
  if (build !== null && hasErrors(build)) return { kind: 'blocked', build }
  await checkRelays(context.config, context.say)
  const created = await repeatSend(sendId, { query: db.query, now, by, pinned: pin(build) })
  if (created.kind !== 'created') return refuse(whyNot(sendId, created))
  return beginRepeat(
    created.sendId,
    `Send ${created.sendId} is for those who failed in Send ${sendId}`,
    context,
  )
}

function whyNot(sendId: number, created: Exclude<CreatedRepeat, { kind: 'created' }>): string {
  if (created.kind === 'exists')
    return `Send ${sendId} was repeated before, as Send ${created.sendId} (${created.state}); pressrun repeat ${created.sendId} goes on from there`
  switch (created.why) {
    case 'running':
      return `Send ${sendId} is ${created.state}; when it is over, pressrun repeat ${sendId} tries those again who failed`
    case 'nobody':
    case 'finished':
      return `nobody failed in Send ${sendId}; pressrun report ${sendId} says what became of everyone`
    default:
      return unreachable(created.why)
  }
}
