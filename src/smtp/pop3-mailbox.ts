/**
 * A POP3 mailbox. Only what is on record and ours is deleted; all else stays in it, and is not fetched again by this process.
 */

import { readDeliveredTo } from './delivered-to.js'
import { MAX_MAIL_BYTES, type Mailbox, type TakeMail } from './mailbox.js'
import type { ServerSettings } from './mailbox-url.js'
import { openPop3, type Pop3Session } from './pop3-session.js'

/** Deletions hold only after QUIT: a line that is lost must not mean that thousands are read again. */
const MAX_A_SESSION = 100
const MAX_REMEMBERED = 100_000

export function openPop3Mailbox(settings: ServerSettings): Mailbox {
  /** Stay in it. */
  const left = new Set<string>()

  async function readSome(session: Pop3Session, take: TakeMail, stop: AbortSignal): Promise<number> {
    let deleted = 0
    let looked = 0
    for (const { number, bytes } of await session.list()) {
      if (stop.aborted || looked === MAX_A_SESSION) break
      const uid = left.size > 0 || bytes > MAX_MAIL_BYTES ? await session.uidOf(number) : null
      if (uid !== null && left.has(uid)) continue
      looked++
      // No report is that long.
      const isTooLong = bytes > MAX_MAIL_BYTES
      const disposal = isTooLong ? 'kept' : await fetch(session, number, take)
      if (disposal === 'later') continue
      if (disposal === 'done') {
        await session.delete(number)
        deleted++
      } else remember(left, uid ?? (await session.uidOf(number)))
    }
    return deleted
  }

  return {
    name: settings.name,
    async readAll(take, stop) {
      for (;;) {
        const session = await openPop3(settings, { maxBytes: 2 * MAX_MAIL_BYTES })
        try {
          const deleted = await readSome(session, take, stop)
          await session.quit()
          if (deleted === 0 || stop.aborted) return
        } finally {
          session.destroy()
        }
      }
    },
  }
}

async function fetch(session: Pop3Session, number: number, take: TakeMail) {
  const bytes = await session.retrieve(number)
  return take({ source: 'pop3', bytes, envelopeTo: readDeliveredTo(bytes), envelope: null })
}

/** The oldest is forgotten first: it is looked at once more, and known. */
function remember(left: Set<string>, uid: string | null): void {
  if (uid === null) return
  left.add(uid)
  const [oldest] = left
  if (left.size > MAX_REMEMBERED && oldest !== undefined) left.delete(oldest)
}
