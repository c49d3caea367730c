/** The publication: `issues/newsletter.yaml`, one file a root, shared by every Issue. */

import type { CommentRule } from './comment-rule.js'
import type { Tracking } from './tracking.js'
import type { Utm } from './utm.js'

/** Below the root. */
export const PUBLICATION_FILE = 'issues/newsletter.yaml'

export interface Mailbox {
  readonly name: string
  readonly address: string
}

/** A field of the publication's own in every Message's header. */
export interface HeaderField {
  readonly name: string
  /** One line of text; of a structured field ASCII. */
  readonly value: string
}

export interface Publication {
  readonly name: string
  readonly tagline: string | null
  /** Null when the file gives none; required once a real transport is set. */
  readonly from: Mailbox | null
  readonly replyTo: Mailbox | null
  /** Postal address, one entry a line. */
  readonly postalAddress: readonly string[]
  readonly lang: string
  /** IANA time zone its times are said in; null: the machine's. */
  readonly timeZone: string | null
  /** Default template folder. */
  readonly template: string
  /** Absolute http(s) URL without a trailing slash, or null. */
  readonly publicUrl: string | null
  /** What holds for an Issue that says nothing; `off`: for every Issue. */
  readonly comments: CommentRule
  readonly tracking: Tracking
  /** Null: links stay as they are. */
  readonly utm: Utm | null
  readonly brand: Brand
  /** In the order of the file. */
  readonly headers: readonly HeaderField[]
  /** What is known of Subscribers besides name and address; empty: nothing is declared, and every column is text. */
  readonly attributes: readonly AttributeType[]
  /** Filters on a List by name. */
  readonly segments: readonly NamedFilter[]
}

export interface NamedFilter {
  readonly name: string
  /** As written; `audience/segment/parse.ts` reads it. */
  readonly filter: string
  /** 1-based, in newsletter.yaml. */
  readonly line: number
}

/** An attribute of Subscribers, and what its values are. */
export type AttributeType =
  | { readonly name: string; readonly kind: 'text' | 'number' | 'date' | 'yesNo' }
  | { readonly name: string; readonly kind: 'oneOf'; readonly choices: readonly string[] }

/** What an editor sets of the looks of every Issue; templates take it from here. */
export interface Brand {
  /** `#rrggbb`: masthead rule, links, the primary action. */
  readonly accent: string
  /** The accent's lighter partner on dark ground. */
  readonly accentDark: string
  readonly logo: Logo | null
  /** Font lists as CSS writes them, names in single quotes. */
  readonly fontHeading: string
  readonly fontText: string
  /** Lines of Markdown below every Issue: running text and links. */
  readonly footer: readonly string[]
}

export interface Logo {
  /** Path relative to `issues/`. */
  readonly file: string
  /** The one for dark ground; null: the same. */
  readonly darkFile: string | null
  /** CSS pixels; null: its own. */
  readonly width: number | null
  /** It shows the publication's name, which then stands nowhere else in the masthead. */
  readonly isName: boolean
}
