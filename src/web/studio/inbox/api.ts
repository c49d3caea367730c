/** What the server says of the local inboxes, as JSON: types alone, for both sides. */

export interface Mailbox {
  /** '' when there is none. */
  readonly name: string
  readonly address: string
}

/** A message in a list. */
export interface InboxRow {
  readonly number: number
  /** As the header says. */
  readonly from: Mailbox
  /** Whom it was accepted for, by the ledger; where that doesn't name it, what To says. */
  readonly to: readonly string[]
  readonly subject: string
  /** A test send. */
  readonly isTest: boolean
  /** Ms since 1970. */
  readonly arrivedAt: number
  readonly sizeBytes: number
}

/** `/api/inbox?folder=&before=&q=`: the newest of one inbox. */
export interface InboxPage {
  /** Those that hold anything, or are being asked for. */
  readonly folders: readonly { readonly name: string; readonly count: number }[]
  /** Whose rows these are; null when no inbox holds anything. */
  readonly folder: string | null
  readonly rows: readonly InboxRow[]
  /** What to ask `before` for what is older; null at the end. */
  readonly before: number | null
}

export interface HeaderField {
  readonly name: string
  /** Folded as it came. */
  readonly raw: string
  /** Unfolded, its encoded words as text. */
  readonly value: string
}

export interface MailLink {
  readonly url: string
  /** '' when it holds none. */
  readonly words: string
  /** `click` goes through our redirect; `trap`: the one that no person sees; `odd`: nothing that opens. */
  readonly kind: 'click' | 'trap' | 'leave' | 'notice' | 'web' | 'address' | 'odd'
  /** Behind our redirect; null where that is not known. */
  readonly leadsTo: string | null
  /** What a click does, one sentence. */
  readonly what: string
}

/** A part that is neither the HTML nor the text. */
export interface MailPart {
  readonly index: number
  readonly type: string
  readonly name: string
  readonly sizeBytes: number
  /** Shown within the HTML rather than beside it. */
  readonly isInline: boolean
}

/** `/api/inbox/FOLDER/NUMBER` */
export interface InboxMessage extends InboxRow {
  readonly folder: string
  readonly fields: readonly HeaderField[]
  readonly hasHtml: boolean
  readonly text: string | null
  readonly links: readonly MailLink[]
  readonly parts: readonly MailPart[]
  readonly messageId: string | null
  /** What a mail program makes of List-Unsubscribe, one sentence each. */
  readonly unsubscribe: readonly string[]
  /** DKIM signatures that it carries; nothing here verifies them. */
  readonly signatures: readonly { readonly domain: string; readonly selector: string }[]
  /** What could not be read, one sentence each. */
  readonly notes: readonly string[]
}
