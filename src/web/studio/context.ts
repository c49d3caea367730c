/**
 * What the studio works with. It reaches nothing that sends: what must be done elsewhere arrives as a function, and a test
 * send is a command that is started.
 */

import type { Build } from '../../compile/build.js'
import type { Compilation } from '../../compile/compiled.js'
import type { Picture } from '../../compile/picture.js'
import type { Link } from '../../link/link.js'
import type { Log } from '../../log.js'
import type { IssueSend } from '../../send/issue-sends.js'
import type { TestAnswer, TestView, Values } from './api.js'

export interface StudioContext {
  /** Absolute. */
  readonly root: string
  readonly log: Log
  readonly now: () => number
  /** With `{file}` and `{line}` in it. */
  readonly editorUrl: string
  /** Throw InputError with what keeps the issue from being compiled. `root`: of another place, absolute. */
  readonly draw: (slug: string, root?: string) => Promise<Picture>
  readonly check: (slug: string) => Promise<Build>
  /** The message as it would go to the wire; its Tokens verify nowhere. */
  readonly writeWire: (compilation: Compilation, values: Values) => Uint8Array
  /** Sends of the store, the newest first; none where there is no store yet. */
  readonly readSends: () => Promise<readonly IssueSend[]>
  /**
   * What a Send has pinned, or else what was built here lately, by the first digits of its hash; null when there is none.
   * Pictures that are not there any more are missing from it. Throws InputError when there are several.
   */
  readonly findPinned: (prefix: string) => Promise<Compilation | null>
  readonly revisions: Revisions
  /** Relative to the root. Throws InputError. */
  readonly newIssue: (wanted: { readonly title: string; readonly date: string | null }) => Promise<string>
  readonly testSend: TestSend
  /** Local inboxes, the first the one that is shown before others. */
  readonly inboxFolders: readonly InboxFolder[]
}

/** A command that is started: the studio itself reaches nothing that could send. */
export interface TestSend extends Pick<TestView, 'through' | 'allowed' | 'maxAddresses'> {
  /** Throws InputError with what the command says. */
  readonly run: (wanted: {
    readonly slug: string
    readonly to: string
    readonly values: Values
  }) => Promise<TestAnswer>
}

/** Where a local inbox keeps what it was given, and what the store beside it knows of that. */
export interface InboxFolder {
  /** In addresses: `inbox`, `demo`. */
  readonly name: string
  /** Absolute; it need not be there yet. */
  readonly folder: string
  /** Of what a Send has pinned; null when the store has no such Send. */
  readonly readLinks: (sendId: number) => Promise<readonly Link[] | null>
  /** A picture of some Send; null when there is none of that hash. */
  readonly readImage: (sha256: string) => Promise<Uint8Array | null>
}

/** What git keeps of the root's files. */
export interface Revisions {
  /** Commits that touched a file of the root, the newest first; `why`: a sentence when there can be none. */
  list(file: string): Promise<{ readonly commits: readonly RevisionLine[]; readonly why: string }>
  /** The id of what is called so; null when nothing is. Throws InputError where there is no git, or no repository. */
  find(name: string): Promise<string | null>
  /** Works on the root's files as they were, in a folder that is gone afterwards. */
  take<T>(id: string, work: (root: string) => Promise<T>): Promise<T>
}

export interface RevisionLine {
  /** Of the commit, whole. */
  readonly id: string
  /** The first line of its message. */
  readonly subject: string
  /** Ms since 1970. */
  readonly at: number
}
