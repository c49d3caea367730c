/** What became of a test send, message by message. Nothing is tried again by itself. */

export interface TestAnswer {
  /** Slug of the Issue. */
  readonly issue: string
  /** Of what a Send would pin. */
  readonly hash: string
  /** Relays it went through; empty: into the inbox of this machine. */
  readonly through: readonly string[]
  readonly messages: readonly TestLine[]
  /** Errors that checks found: a Send would be refused. */
  readonly errors: number
}

export interface TestLine {
  readonly to: string
  /** Null where all readers get the same. */
  readonly variant: string | null
  readonly subject: string
  /** `uncertain`: it was handed over, and no reply came. `unsent`: it was not. */
  readonly state: 'accepted' | 'refused' | 'uncertain' | 'unsent'
  readonly code: number | null
  /** What was answered, or why nothing was. */
  readonly text: string
  /** Where the inbox of this machine keeps it, relative to the root; null: it went elsewhere. */
  readonly file: string | null
}

export function isAllAccepted({ messages }: TestAnswer): boolean {
  return messages.every(({ state }) => state === 'accepted')
}
