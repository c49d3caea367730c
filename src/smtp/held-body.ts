/**
 * A message body whose end is held back until `beforeEnd` allows it. nodemailer writes CRLF.CRLF only when the
 * stream ends; so as long as the end is not pushed here, the server cannot have the message.
 */

import { Readable } from 'node:stream'

export interface HeldBody {
  readonly stream: Readable
  /** True from the moment the bytes were asked for: MAIL, RCPT and DATA have been answered. */
  isBegun(): boolean
  /** True from the moment the end was let go: from then on nobody can say that it did not leave. */
  isReleased(): boolean
  /** Waits for a `beforeEnd` that is still deciding. Rejects with what it threw; at once when it was never asked. */
  settle(): Promise<void>
}

interface HoldOptions {
  /** Resolves when what the reader took has left the process, or never will. */
  readonly untilWritten: () => Promise<void>
  readonly beforeEnd: () => Promise<boolean>
}

/** `beforeEnd` is asked at most once, after every byte has been taken and written; a no destroys the stream. */
export function holdBody(bytes: Uint8Array, { untilWritten, beforeEnd }: HoldOptions): HeldBody {
  let isHandedOver = false
  let isReleased = false
  let decision: Promise<void> | null = null

  const decide = async () => {
    try {
      await untilWritten()
      if (stream.destroyed) return
      const mayEnd = await beforeEnd()
      // The connection may have been lost meanwhile; then there is no end to let go.
      if (stream.destroyed) return
      if (mayEnd) {
        isReleased = true
        stream.push(null)
      } else {
        stream.destroy(new Error('not to be ended'))
      }
    } catch (error) {
      stream.destroy(new Error('not to be ended', { cause: error }))
      throw error
    }
  }

  // A high-water mark of one byte: no reading ahead, so the second read means that the bytes were taken.
  const stream = new Readable({
    highWaterMark: 1,
    read() {
      if (!isHandedOver) {
        isHandedOver = true
        stream.push(bytes)
      } else if (decision === null) {
        decision = decide()
        // settle() hands the rejection on; until it is called it must not count as unhandled.
        decision.catch(() => undefined)
      }
    },
  })

  return {
    stream,
    isBegun: () => isHandedOver,
    isReleased: () => isReleased,
    settle: async () => {
      if (decision !== null) await decision
    },
  }
}
