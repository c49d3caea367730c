/** What the studio's server says to its page, as JSON: types alone, for both sides. */

import type { Severity } from '../../compile/checks/check.js'
import type { Finding } from '../../compile/checks/finding.js'
import type { SendState } from '../../db/schema.js'
import type { Problem } from '../../errors.js'
import type { TestAnswer, TestLine } from '../../send/test-send/answer.js'

export type { Finding, Problem, Severity, TestAnswer, TestLine }

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
  /** The same three with their holes told apart. */
  readonly marked: {
    readonly subject: readonly CopyPiece[]
    readonly preheader: readonly CopyPiece[]
    readonly text: readonly CopyPiece[]
  }
  /** Of subject and HTML. */
  readonly holes: readonly HoleUse[]
  /** What conditional passages ask for, and whether this reader has it. */
  readonly passages: readonly { readonly name: string; readonly isKnown: boolean }[]
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

// Readers

/** What a hole shows one reader: their value, its fallback, or nothing. */
export interface HoleMark {
  readonly name: string
  readonly kind: 'filled' | 'fallback' | 'empty'
  readonly shown: string
}

export type CopyPiece = string | HoleMark

export interface HoleUse extends HoleMark {
  /** `comment`: what Outlook on Windows alone reads. */
  readonly place: 'subject' | 'words' | 'attribute' | 'head' | 'comment'
  readonly times: number
}

/** Of what a reader sees. */
export interface HoleCount {
  readonly filled: number
  readonly fallbacks: number
  readonly empty: number
}

/** Somebody to look at an issue as. */
export interface SampleReader {
  readonly label: string
  readonly values: Values
}

export interface ReaderView extends SampleReader {
  /** `cast`: there for every issue. `variant`: for its conditional passages. `shared`: of issues/readers.yaml. `own`: of the page. */
  readonly kind: 'cast' | 'variant' | 'shared' | 'own'
  readonly count: HoleCount
  readonly holes: CopyView['holes']
  readonly passages: CopyView['passages']
}

/** A value that the issue asks of a reader, as newsletter.yaml declares it. */
export interface AskedValue {
  readonly name: string
  readonly kind: 'text' | 'number' | 'date' | 'yesNo' | 'oneOf'
  /** Of `oneOf`; else empty. */
  readonly choices: readonly string[]
}

/** Who may be looked at in one issue. */
export interface ReadersView {
  /** The first is of whom nothing is known. */
  readonly readers: readonly ReaderView[]
  readonly asked: readonly AskedValue[]
  /** Of issues/readers.yaml. */
  readonly problems: readonly Problem[]
}

// What the studio is: `/api/studio`.

export interface AboutView {
  /** Of the root's folder. */
  readonly name: string
  /** Absolute, as this machine writes paths. */
  readonly root: string
  /** With `{file}` and `{line}` in it. */
  readonly editorUrl: string
  /** Pressrun's own. */
  readonly version: string
}

// How large a mail is: `/api/drafts/SLUG/sizes`.

export interface SizesView {
  /** Whose copy is longest, as a clause names them. */
  readonly reader: string
  readonly htmlBytes: number
  /** Encoded, with its header and its text part. */
  readonly messageBytes: number
  readonly warnBytes: number
  readonly maxBytes: number
  /** Where Gmail cuts the HTML off. */
  readonly cutBytes: number
  /** In their order; together `htmlBytes`. */
  readonly parts: readonly SizePart[]
}

export interface SizePart {
  readonly kind: 'head' | 'template' | 'opening' | 'section'
  readonly label: string
  /** Of the Section's heading. */
  readonly line: number | null
  readonly sizeBytes: number
}

// Index

/** Of its newest Send. */
export type IssueState = SendState

/** One issue in the list of all. What is null could not be read. */
export interface IssueLine {
  readonly slug: string
  readonly file: string
  readonly title: string | null
  readonly number: number | null
  /** `YYYY-MM-DD` */
  readonly date: string | null
  /** Null: the same as the title. */
  readonly subject: string | null
  /** What keeps it from being compiled, as far as is known. */
  readonly problems: readonly Problem[]
  /** Null while they are looked for, and where it cannot be compiled. */
  readonly findings: FindingCount | null
  /** Whether `findings` and `problems` are of the file as it is now. */
  readonly isCounted: boolean
  /** Of the newest Send; `draft` where there is none. */
  readonly state: IssueState
  /** The newest first. */
  readonly sends: readonly IssueSendView[]
}

export interface IssueSendView {
  readonly id: number
  readonly list: string
  readonly state: IssueState
  readonly reason: string | null
  /** When it came, or will come, to its state; ms since 1970. */
  readonly at: number
}

export interface FindingCount {
  readonly errors: number
  readonly warnings: number
  readonly notes: number
}

export interface NewIssueView {
  readonly slug: string
  readonly file: string
}

// The test send.

/** `/api/drafts/SLUG/test?values=`: where a test would go, and what of. A POST of `TestWish` sends it: `TestAnswer`. */
export interface TestView {
  /** Relays it goes through; empty: into the inbox of this machine. */
  readonly through: readonly string[]
  /** Addresses, and domains with an @ before them; null: any. */
  readonly allowed: readonly string[] | null
  readonly maxAddresses: number
  /** What is known of the readers of each message: `without city`; one null where all readers get the same. */
  readonly variants: readonly (string | null)[]
}

export interface TestWish {
  /** As it was typed: addresses between commas. */
  readonly to: string
  readonly values: Values
}
