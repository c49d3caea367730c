/**
 * Transport: what takes a Message and gives a Reply. All transports pass one contract test
 * (tests/integration/apart/transport.contract.ts).
 */

export interface Envelope {
  /** Return path, '' for the null sender. */
  readonly from: string
  /** Exactly one address, validated, its domain in A-labels. */
  readonly to: string
}

export interface WireMessage {
  readonly envelope: Envelope
  /** RFC 5322 bytes with CRLF line ends, ending in CRLF, not dot-stuffed. */
  readonly bytes: Uint8Array
  /**
   * Known to have no other line ends and no line that begins with a dot, so that they go out as they are; to be ASCII, but
   * for the header of a message that needs SMTPUTF8; and to have a body that DKIM's relaxed form leaves as it is.
   */
  readonly isWireReady?: true
}

/** What happened on the wire. */
export type Reply =
  /** The relay answered for this message: to MAIL, RCPT, DATA or the final dot. `text` is its whole reply in one
   * line, the code first: `550 5.1.1 No such user`. `command`: what it answers; DATA stands for the body and the
   * dot too. `ended`: the terminating CRLF.CRLF had left. */
  | {
      readonly kind: 'replied'
      readonly code: number
      readonly text: string
      readonly command: 'MAIL' | 'RCPT' | 'DATA'
      readonly ended: boolean
    }
  /** The terminating CRLF.CRLF never left: certainly not accepted. `scope` relay: no message would fare better now;
   * login: nor later, for the relay refuses our login for good. */
  | { readonly kind: 'notEnded'; readonly cause: string; readonly scope: 'message' | 'relay' | 'login' }
  /** It left, and no reply came: nobody can know. */
  | { readonly kind: 'endedWithoutReply'; readonly cause: string }

export interface SendOptions {
  /**
   * Called once, when everything but the terminating CRLF.CRLF has been handed to the wire. Resolves true: end
   * the message. False (or a rejection): the connection is destroyed and the message never ended.
   */
  readonly beforeEnd: () => Promise<boolean>
  /** Whom it is received by, and after how many of theirs a connection is replaced. Not given: no such limit. */
  readonly lane?: { readonly name: string; readonly perConnection: number }
}

export interface Transport {
  /** Short name for Attempts and logs, without credentials: `smtp://relay.example.org:587`. */
  readonly name: string
  /** How many messages it takes at once. */
  readonly concurrency: number
  /** Connects and logs in once. Throws InputError with a sentence that says what to mend. */
  verify(): Promise<void>
  /** From when it resolves the bytes are the caller's again: nothing of them leaves any more. */
  send(message: WireMessage, options: SendOptions): Promise<Reply>
  /**
   * Messages on their way finish. Those that wait for a connection, or for an answer before their body, come back at
   * once: notEnded, scope relay. With `withinMs` whatever is under way by then is cut off: notEnded where its end has
   * not left, else endedWithoutReply. To be called again with less patience, if need be.
   */
  close(options?: { readonly withinMs?: number }): Promise<void>
}
