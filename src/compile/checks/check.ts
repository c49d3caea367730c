/**
 * What a check is, and what it may look at: the Issue as written, as compiled, and as the copies that sample
 * recipients would get, holes filled, links tracked, as it goes to the wire.
 */

import type { CssNode } from 'css-tree'
import type { DefaultTreeAdapterTypes } from 'parse5'
import type { Issue } from '../../issue/issue.js'
import type { Publication } from '../../issue/publication.js'
import type { Compilation, CompiledIssue } from '../compiled.js'
import type { KnowsWord } from '../dictionary.js'
import type { IssueImages } from '../images.js'

/** An error stops a Send, a warning wants a look, an info is worth knowing. */
export type Severity = 'error' | 'warn' | 'info'

/** What a check says; its id and whether it is waived are added by whoever ran it. */
export interface Found {
  readonly severity: Severity
  /** What is wrong: a clause that begins small and has no full stop. */
  readonly message: string
  /** What would be right, likewise. */
  readonly hint: string
  /** 1-based line; null when it is about the whole. */
  readonly line: number | null
  /** The file the line is in, relative to the root; the issue file when left out. */
  readonly file?: string
}

export interface Check {
  /** `S01` */
  readonly id: string
  /** What it wants to be so, as a person reads it in a list: `The HTML is shorter than where Gmail clips it`. */
  readonly title: string
  /** Whether an editor may let its errors pass with `waive: { ID: reason }`. */
  readonly isWaivable: boolean
  /** How grave what it finds may be, the gravest first. */
  readonly severities: readonly Severity[]
  /** Pure. */
  readonly run: (input: CheckInput) => readonly Found[]
}

/** One sample recipient's copy, everything filled in. */
export interface Copy {
  /** Who gets it, as a clause names them: `a reader of whom nothing is known`. */
  readonly label: string
  /** Values by name; '' for what is not known. */
  readonly values: Readonly<Record<string, string>>
  readonly subject: string
  readonly preheader: string
  readonly html: string
  readonly text: string
}

/** A part of a copy, parsed. */
export interface Page {
  readonly html: string
  readonly document: DefaultTreeAdapterTypes.Document
  /** Every element in document order. */
  readonly elements: readonly PageElement[]
  /** 1-based line in the issue file of the character at this offset of `html`; null for what the template wrote. */
  readonly lineAt: (offset: number) => number | null
  /** What parse5 minded, with its own codes. */
  readonly parseErrors: readonly { readonly code: string; readonly line: number | null }[]
}

export interface PageElement {
  readonly node: DefaultTreeAdapterTypes.Element
  readonly tag: string
  /** Attributes by name. */
  readonly attributes: Readonly<Record<string, string>>
  /** 1-based line in the issue file; null for what the template wrote. */
  readonly line: number | null
}

/** A <style> block; `media` and other at-rules stand in its tree. */
export interface StyleBlock {
  readonly css: string
  readonly tree: CssNode
  readonly errors: readonly string[]
}

/** An issue that came before, as far as a new one is compared with it. */
export interface PastIssue {
  readonly slug: string
  readonly file: string
  /** `YYYY-MM-DD` */
  readonly date: string
  readonly number: number | null
  readonly subject: string
  readonly urls: readonly string[]
}

/** A node of the MJML tree; attributes as the template gave them, none added. */
export interface MjmlNode {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  /** File and line in `templates/`. */
  readonly where: string
  readonly line: number | null
  readonly children: readonly MjmlNode[]
}

/** The Message to one with these values, its header included; what writes it lies to the right of here. */
export type WriteWire = (compilation: Compilation, values: Readonly<Record<string, string>>) => Uint8Array

/** A feature of caniemail's that a template is known to work with. */
export interface Accepted {
  /** `css-border-radius` */
  readonly slug: string
  /** Its place in an `accepted.txt`. */
  readonly file: string
  readonly line: number
}

export interface CheckInput {
  readonly issue: Issue
  /** The Markdown as written, front matter included; `\n` line ends. */
  readonly source: string
  /** Where a key of the front matter stands, 1-based; null when it is not there. */
  readonly lineOf: (key: string) => number | null
  readonly publication: Publication
  readonly compiled: CompiledIssue
  /** The same compiled once more. */
  readonly again: CompiledIssue
  /** The pictures by their path as written, with their own sizes; those named by a URL are not among them. */
  readonly images: IssueImages
  readonly mjml: MjmlNode
  /** Where the template writes something; null when it does not. */
  readonly placeOf: (written: string) => { readonly file: string; readonly line: number | null } | null
  readonly accepted: readonly Accepted[]
  /** Of those who get the shortest, the longest, the oddest values. The first is of whom nothing is known. */
  readonly copies: readonly Copy[]
  /** The longest of them. */
  readonly worst: Copy
  /** The worst copy's HTML. */
  readonly page: Page
  readonly styles: readonly StyleBlock[]
  /** The finished message to the worst recipient, tracking and all: header, CRLF CRLF, body, as it goes to the wire. */
  readonly wire: Uint8Array
  /** The newest first, this one not among them. */
  readonly past: readonly PastIssue[]
  /** The editor's own list of words, lines of `issues/words.txt`. */
  readonly words: readonly string[]
  /** By language: `en`. */
  readonly dictionaries: ReadonlyMap<string, KnowsWord>
  /** Whether a real transport is set; what matters only then is an error only then. */
  readonly isLive: boolean
}
