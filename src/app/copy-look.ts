/**
 * Whether this database may be a copy, for an engine that sends nothing but takes what comes back: mailboxes of the true one are
 * not emptied by a copy of it. Unlike the watch it leaves no sign that anything is sent here.
 */

import type { Identity } from '../db/identity.js'
import { messageOf } from '../errors.js'
import type { Log } from '../log.js'

const LOOK_EVERY_MS = 60_000

export interface CopyLook {
  isOpen(): boolean
  close(): void
}

/** Resolves after the first look. */
export async function lookForCopies(identity: Identity, log: Log): Promise<CopyLook> {
  let isCopy = await isCopied(identity)
  if (isCopy) log.warn('this database looks copied or restored: what comes back is left until pressrun adopt')
  const timer = setInterval(() => {
    isCopied(identity).then(
      (now) => {
        isCopy = now
      },
      (error: unknown) =>
        log.debug({ error: messageOf(error) }, 'whether this is a copy could not be looked at'),
    )
  }, LOOK_EVERY_MS)
  timer.unref()
  return { isOpen: () => !isCopy, close: () => clearInterval(timer) }
}

async function isCopied(identity: Identity): Promise<boolean> {
  const present = await identity.present()
  const { kind } = await identity.db.query.transaction().execute((trx) => identity.recognise(trx, present))
  return kind === 'copy'
}
