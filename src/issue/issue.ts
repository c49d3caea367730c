/**
 * Issue: one edition as the editor wrote it, parsed and valid. Plain data; the Markdown stays as markdown-it
 * tokens so that html, text part and web page are all written from the same source.
 */

import type { Token } from 'markdown-it'
import type { CommentRule } from './comment-rule.js'
import type { HoledLine } from './hole.js'
import type { MailTracking } from './tracking.js'
import type { Utm } from './utm.js'

/**
 * Markdown as block tokens. Each `link_open` carries `meta.link`: the Link's index, counted over the whole
 * Issue in reading order. A hole is an inline token of type `hole` with `meta: PersonHole`. A conditional
 * passage is a pair of block tokens `choice_open` / `choice_close`, optionally `choice_else` between, with
 * `meta: { name }`; it never crosses a Section, a brief or a list item.
 */
export type Prose = readonly Token[]

export type Direction = 'ltr' | 'rtl'

export interface Author {
  readonly name: string
  readonly url: string | null
}

interface SectionBase {
  /** Stable anchor, unique in the Issue: from `{#id}` or the heading. */
  readonly id: string
  /** The heading as plain text, typographic marks included. */
  readonly heading: string
  /** 1-based line of the heading in the issue file. */
  readonly line: number
  /** BCP 47 tag from `{lang=…}`; null: the Issue's. */
  readonly lang: string | null
  readonly dir: Direction
}

export interface Story extends SectionBase {
  readonly kind: 'story'
  /** Small label above the headline: attribute `{kicker="…"}`. */
  readonly kicker: string | null
  readonly authors: readonly Author[]
  readonly body: Prose
}

export interface Briefs extends SectionBase {
  readonly kind: 'briefs'
  readonly items: readonly Prose[]
}

/** One annotated link: who, what they argue, where. */
export interface CommentaryEntry {
  /** The whole entry as written, the link included. */
  readonly body: Prose
  /** Index of the entry's (first) Link, null when it has none (a warning). */
  readonly link: number | null
  readonly line: number
}

export interface Commentary extends SectionBase {
  readonly kind: 'commentary'
  readonly entries: readonly CommentaryEntry[]
}

export interface Note extends SectionBase {
  readonly kind: 'note'
  readonly body: Prose
}

export interface Sponsor extends SectionBase {
  readonly kind: 'sponsor'
  readonly body: Prose
}

export type Section = Story | Briefs | Commentary | Note | Sponsor
export type SectionKind = Section['kind']

export interface Issue {
  /** `YYYY-MM-DD-slug`, the file's name without `.md`. */
  readonly slug: string
  /** The file as messages name it, relative to the root. */
  readonly file: string
  /** The whole file as written, front matter included; `\n` line ends. */
  readonly source: string
  readonly title: string
  readonly number: number | null
  /** `YYYY-MM-DD` */
  readonly date: string
  readonly authors: readonly Author[]
  /** From `subject`, else the title. */
  readonly subject: HoledLine
  readonly preheader: HoledLine | null
  /** Folder under `templates/`. */
  readonly template: string
  /** BCP 47 tag. */
  readonly lang: string
  readonly dir: Direction
  /** Whether the list "In this issue" was asked for; null: it stands where there are two Sections or more. */
  readonly contents: boolean | null
  readonly comments: CommentRule
  readonly tracking: MailTracking
  /** What is added to its links; null: nothing. */
  readonly utm: Utm | null
  /** What it is about, by the names of a List's topics; empty: it is for everyone. */
  readonly topics: readonly string[]
  /** The checks whose errors may pass. */
  readonly waive: readonly Waiver[]
  /** The editor's note: what stands before the first `##`. Empty when there is none. */
  readonly opening: Prose
  readonly sections: readonly Section[]
  readonly warnings: readonly Warning[]
}

/** An editor's word that an error may pass, and why. */
export interface Waiver {
  /** Of the check, such as `L05`. */
  readonly id: string
  readonly reason: string
  /** 1-based line in the issue file. */
  readonly line: number
}

/** Something an editor should look at; it does not block. */
export interface Warning {
  readonly line: number
  readonly message: string
}
