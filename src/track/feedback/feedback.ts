/**
 * Feedback: what a report that came back claims, and what it names. Nothing here is trusted: whoever can mail us can write
 * one, so a claim counts only once a Token or Message-ID in it has been verified.
 */

/** Longest text of a Claim, in characters. */
export const MAX_CLAIM_TEXT = 300

/**
 * Whose fault a bounce is. `hard`: the address's own, for good. `soft`: a full mailbox, a server that was not reached, or no
 * reason given. `policy`: who we are, or how much we send. `content`: the message.
 */
export type Fault = 'hard' | 'soft' | 'policy' | 'content'

export type Claim =
  | {
      readonly kind: 'bounced'
      readonly fault: Fault
      /** RFC 3463, `5.1.1`; null where none is given. */
      readonly status: string | null
      /** Of the SMTP reply, `550`. */
      readonly code: number | null
      /** What the server said, in one line without control characters, at most 300 of them; its address may stand in it. */
      readonly text: string
      /** As the report writes it, not validated; null where none is given or it was redacted. */
      readonly recipient: string | null
    }
  | {
      readonly kind: 'complained'
      /** RFC 5965 and the IANA registry: `abuse`, `fraud`, `virus`, `other`, … */
      readonly type: string
      readonly recipient: string | null
    }
  | { readonly kind: 'nothing'; readonly why: NoHarm }

/** What came back and means nothing for an address. */
export type NoHarm =
  | 'delayed'
  | 'delivered'
  | 'relayed'
  | 'expanded'
  /** A machine's answer: out of office, a ticket number. */
  | 'autoReply'
  /** It asks us to prove that we are human. */
  | 'challenge'
  /** A disposition notification (RFC 8098): somebody's software showed, deleted or filed it. */
  | 'read'
  /** RFC 5965: the reader took it out of the junk folder. */
  | 'notSpam'
  /** A report on authentication failures (RFC 6591) or a digest of them (RFC 7489): about our domain, not a person. */
  | 'authentication'

export interface Feedback {
  /** `unknown`: no claim could be read; a person should. */
  readonly source: 'dsn' | 'arf' | 'text' | 'autoReply' | 'webhook' | 'unknown'
  /** Never empty unless the source is `unknown`. At most 100. */
  readonly claims: readonly Claim[]
  /** What looks like a `return` Token, lower case: of the envelope's recipient first, then of the report. Unverified. */
  readonly returnTokens: readonly string[]
  /** What looks like a `leave` Token, from the List-Unsubscribe of the message that was returned. Unverified. */
  readonly leaveTokens: readonly string[]
  /** Left sides of Message-IDs that look like ours (24 hex characters). Unverified. */
  readonly messageIds: readonly string[]
}
