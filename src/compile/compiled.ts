/**
 * CompiledIssue: Issue × Template, compiled once. Only per-person holes are left. Plain JSON data, deterministic,
 * named by its hash; a Send stores it whole and never looks at the files again.
 */

import type { CommentRule } from '../issue/comment-rule.js'
import type { HoledLine, PersonHole } from '../issue/hole.js'
import type { HeaderField, Mailbox } from '../issue/publication.js'
import type { MailTracking } from '../issue/tracking.js'
import type { Link } from '../link/link.js'

/** Where a Message carries a signed Token: `read` in pixel and Links, `leave` in unsubscribe and preferences. */
export interface TokenHole {
  readonly kind: 'token'
  readonly purpose: 'read' | 'leave'
}

/** A conditional passage: `present` when the person's value is not empty, else `absent`. Nothing nests in it. */
export interface ChoiceHole {
  readonly kind: 'choice'
  readonly name: string
  readonly present: readonly (string | PersonHole | TokenHole)[]
  readonly absent: readonly (string | PersonHole | TokenHole)[]
}

export type Hole = PersonHole | TokenHole | ChoiceHole

/** Text with holes: static runs and holes in order. Values are escaped for the part (html or text) they land in. */
export type Holed = readonly (string | Hole)[]

export interface CompiledImage {
  /** SHA-256 of the bytes, hex. Served from `/i/<sha256>.<ext>`. */
  readonly sha256: string
  readonly ext: 'png' | 'jpg' | 'gif'
  readonly sizeBytes: number
}

export interface CompiledIssue {
  readonly slug: string
  readonly title: string
  readonly number: number | null
  /** `YYYY-MM-DD` */
  readonly date: string
  readonly lang: string
  /** Not there: subscribers may comment on it. */
  readonly comments?: CommentRule
  /** Names of topics; not there: it is for everyone on the List. */
  readonly topics?: readonly string[]
  readonly publication: {
    readonly name: string
    readonly from: Mailbox
    readonly replyTo: Mailbox | null
    /** Base of every tracked URL, no trailing slash. */
    readonly publicUrl: string
    /** Fields of the publication's own for every Message's header; not there when it gives none. */
    readonly headers?: readonly HeaderField[]
    /** What its mails tell; not there: opens and clicks, without a honeypot. */
    readonly tracking?: MailTracking
  }
  readonly subject: HoledLine
  readonly html: Holed
  readonly text: Holed
  /** The web page, whole; holes show their fallback, links are the originals. */
  readonly web: string
  readonly links: readonly Link[]
  readonly images: readonly CompiledImage[]
  readonly versions: { readonly pressrun: string; readonly mjml: string }
}

/** A CompiledIssue with its SHA-256 (hex, over its canonical JSON) and the bytes of its images. */
export interface Compilation {
  readonly compiled: CompiledIssue
  readonly hash: string
  readonly imageBytes: ReadonlyMap<string, Uint8Array>
}
