/**
 * What is answered at `/o/` and `/c/`, from the facts of a request: the one place that decides it, whichever door the
 * request came through (`door.ts`, `routes.ts`).
 */

import type { Publication } from '../../issue/publication.js'
import type { Keys } from '../../link/token.js'
import { answerClick, CLICK_PATH } from './click.js'
import type { HitContext } from './hit.js'
import { answerOpen, OPEN_PATH } from './open.js'
import type { Pace } from './pace.js'
import type { TargetFinder } from './targets.js'

/** A GET or HEAD. */
export interface Asked {
  readonly method: string
  /** As it stands in the request line, without its query. */
  readonly path: string
  /** IP address of whoever asks; undefined when it is not known. */
  readonly client: string | undefined
  /** By its name in lower case. */
  readonly header: (name: string) => string | undefined
}

export interface Answer {
  readonly status: 200 | 302
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | null
}

export interface AnswerContext extends HitContext {
  readonly keys: Keys
  readonly targets: TargetFinder
  readonly pace: Pace
  readonly publication: () => Promise<Publication | null>
  readonly publicUrl: () => Promise<string>
}

/** Null: no link of ours, and nothing was written. Rejects, before anything was written, when the database is away. */
export type Answerer = (asked: Asked) => Promise<Answer | null>

export function openAnswerer(context: AnswerContext): Answerer {
  return (asked) => {
    if (asked.path.startsWith(CLICK_PATH)) return answerClick(asked, context)
    if (asked.path.startsWith(OPEN_PATH)) return answerOpen(asked, context)
    return Promise.resolve(null)
  }
}
