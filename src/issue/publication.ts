/** The publication: `issues/newsletter.yaml`, one file a root, shared by every Issue. */

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
  /** Path of the logo, relative to `issues/`, or null. */
  readonly logo: string | null
  readonly brand: Brand
  /** In the order of the file. */
  readonly headers: readonly HeaderField[]
}

export interface Brand {
  /** `#rrggbb`: masthead rule, links, the primary action. */
  readonly accent: string
  /** The accent's lighter partner on dark ground. */
  readonly accentDark: string
}
