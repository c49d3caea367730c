/**
 * What the studio works with. It reaches nothing that sends: what must be done elsewhere arrives as a function, and a test
 * send is a command that is started.
 */

import type { Build } from '../../compile/build.js'
import type { Compilation, CompiledIssue } from '../../compile/compiled.js'
import type { Picture } from '../../compile/picture.js'
import type { Log } from '../../log.js'
import type { Values } from './api.js'

export interface StudioContext {
  /** Absolute. */
  readonly root: string
  readonly log: Log
  readonly now: () => number
  /** With `{file}` and `{line}` in it. */
  readonly editorUrl: string
  /** Throw InputError with what keeps the issue from being compiled. */
  readonly draw: (slug: string) => Promise<Picture>
  readonly check: (slug: string) => Promise<Build>
  /** The message as it would go to the wire; its Tokens verify nowhere. */
  readonly writeWire: (compilation: Compilation, values: Values) => Uint8Array
  /** Sends of the store, the newest first; none where there is no store yet. */
  readonly readSends: () => Promise<readonly IssueSend[]>
  /** What a Send has pinned; null when there is none of that hash. */
  readonly findPinned: (hash: string) => Promise<CompiledIssue | null>
  /** Relative to the root. Throws InputError. */
  readonly newIssue: (wanted: { readonly title: string; readonly date: string | null }) => Promise<string>
}

export interface IssueSend {
  readonly id: number
  readonly slug: string
  readonly hash: string
  readonly list: string
  readonly state: string
  readonly reason: string | null
  /** Ms since 1970. */
  readonly createdAt: number
  readonly scheduledAt: number | null
  readonly startedAt: number | null
  readonly finishedAt: number | null
}
