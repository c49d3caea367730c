/** Mailbox: a place where mail lies that came back to us, whoever put it there. */

/** More than any report is long, with the message that it returns. */
export const MAX_MAIL_BYTES = 1_048_576

/** As the client said it; anyone may say anything. */
export interface Envelope {
  /** MAIL FROM; '' for the null sender, which reports have (RFC 5321 section 4.5.5). */
  readonly from: string
  /** IP address. */
  readonly client: string
}

export interface ReturnedMail {
  readonly source: 'smtp' | 'maildir' | 'imap' | 'pop3'
  readonly bytes: Uint8Array
  /** Whom it was addressed to, as far as it is known. */
  readonly envelopeTo: readonly string[]
  /** Null: it lay in a mailbox, and whoever put it there has written what is known into its header. */
  readonly envelope: Envelope | null
}

/**
 * What is to become of it. `done`: it is about a Message of ours, and on record. `kept`: nobody of ours, or not understood; on
 * record, unless enough of that came within a day. `later`: it could not be recorded; once more the next time. `aside`: not
 * any more.
 */
export type Disposal = 'done' | 'kept' | 'later' | 'aside'

/** Throws when none can be recorded now: then the others are left alone too. */
export type TakeMail = (mail: ReturnedMail) => Promise<Disposal>

export interface Mailbox {
  /** For a log: without a password. */
  readonly name: string
  /** Hands over what lies there, one mail after another, until all are or `stop` says so. Throws when it cannot be read. */
  readAll(take: TakeMail, stop: AbortSignal): Promise<void>
}
