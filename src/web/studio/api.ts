/** What the studio's server says to its page, as JSON: types alone, for both sides. */

import type { Severity } from '../../compile/checks/check.js'
import type { Finding } from '../../compile/checks/finding.js'
import type { Problem } from '../../errors.js'

export type { Finding, Problem, Severity }

/** How a mail program shows the same HTML; each but the first of a kind is a simulation. */
export interface Mode {
  /** `dark` as the mail has written it itself; `partly` and `fully`: darkened by force. */
  readonly light: 'light' | 'dark' | 'partly' | 'fully'
  readonly images: 'on' | 'off'
  /** `bare`: without any <style>, as Gmail shows it over IMAP. `word`: Outlook on Windows. */
  readonly engine: 'usual' | 'bare' | 'word'
}

/** A reader's values by name; '' and absent are the same: not known. */
export type Values = Readonly<Record<string, string>>

/** What the studio knows of one issue. A broken one keeps the picture it had. */
export interface DraftView {
  readonly slug: string
  /** Relative to the root. */
  readonly file: string
  /** Counts up with each picture; 0: there was none yet. */
  readonly version: number
  /** What keeps the file as it is now from being compiled; empty when the picture is of it. */
  readonly problems: readonly Problem[]
  /** Of the picture; null while they are looked for. */
  readonly findings: readonly Finding[] | null
  /** Null before the first picture. */
  readonly facts: DraftFacts | null
}

/** Of the picture. */
export interface DraftFacts {
  readonly title: string
  readonly number: number | null
  /** `YYYY-MM-DD` */
  readonly date: string
  readonly lang: string
  readonly hash: string
  readonly from: { readonly name: string; readonly address: string }
  /** Names of the values that it asks of a reader. */
  readonly names: readonly string[]
  readonly links: readonly { readonly index: number; readonly url: string }[]
}

/** One reader's copy, apart from its HTML. */
export interface CopyView {
  readonly subject: string
  readonly preheader: string
  readonly text: string
}

/** What is told to every page by server-sent events, by the event's name. */
export interface LiveEvents {
  /** A picture is drawn, or could not be. `changedAt`: when the file changed, ms since 1970. */
  readonly draft: { readonly draft: DraftView; readonly changedAt: number }
  /** The findings of a picture are there. */
  readonly findings: { readonly draft: DraftView }
  /** An issue came, went, or is another in the list. */
  readonly issues: Record<string, never>
  /** A message came into a local inbox. */
  readonly inbox: Record<string, never>
}
