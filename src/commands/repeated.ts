/** What supersede and repeat share: whose bytes, the freeze as far as it goes by now, the answer. */

import { findEngine } from '../app/announcement.js'
import { laneFinder } from '../app/mx.js'
import { replyTimeoutMs } from '../app/relay-check.js'
import type { Store } from '../app/store.js'
import { findList } from '../audience/list.js'
import type { Build } from '../compile/build.js'
import { canonicalJson } from '../compile/canonical.js'
import type { Config } from '../config.js'
import type { SendState } from '../db/schema.js'
import { NO_LIMIT } from '../issue/tracking.js'
import type { PinnedIssue } from '../send/create.js'
import { freezeSend } from '../send/freeze.js'
import { findSend, readCompiled, type SendFacts } from '../send/send.js'
import { compileFor } from './prepare.js'
import { checkTopics } from './send-crowd.js'

export interface RepeatRequest {
  readonly sendId: number
  readonly by: string
  /** `corrected`: the issue file as it is now. `pinned`: the bytes of the earlier Send. */
  readonly issue: 'corrected' | 'pinned'
}

export interface RepeatContext {
  readonly config: Config
  readonly store: Store
  /** A line for the person who waits. */
  readonly say: (line: string) => void
}

export type RepeatAnswer =
  /** The corrected Issue is not fit to be sent; `build` says why. */
  | { readonly kind: 'blocked'; readonly build: Build }
  /** Nothing was done. */
  | { readonly kind: 'refused'; readonly message: string }
  | {
      readonly kind: 'created'
      /** The new one. */
      readonly sendId: number
      readonly state: SendState
      /** Why it does not get on yet. */
      readonly reason: string | null
      readonly message: string
    }

export function refuse(message: string): RepeatAnswer {
  return { kind: 'refused', message }
}

/** Null for the bytes of the earlier Send. What that one did not track is not tracked now. Throws InputError as `send` does. */
export async function compileRepeat(
  { issue }: RepeatRequest,
  { slug, list, hash }: Pick<SendFacts, 'slug' | 'list' | 'hash'>,
  { config, store }: RepeatContext,
): Promise<Build | null> {
  if (issue === 'pinned') return null
  const { publication } = await readCompiled(store.db.query, hash)
  const localUrl = findEngine(config)?.url ?? null
  const build = await compileFor(config, slug, { localUrl, tracking: publication.tracking ?? NO_LIMIT })
  checkTopics(await findList(store.db.query, list.name), build.compilation.compiled.topics ?? [])
  return build
}

export function pin(build: Build | null): PinnedIssue | null {
  if (build === null) return null
  return { compilation: build.compilation, content: canonicalJson(build.compilation.compiled) }
}

/** Freezes the new Send if it may be by now; else the engine does when it can. */
export async function beginRepeat(
  sendId: number,
  message: string,
  { config, store: { db, keys, now } }: RepeatContext,
): Promise<RepeatAnswer> {
  const wireTimeoutMs = replyTimeoutMs(config)
  await freezeSend(sendId, { query: db.query, keys, now, wireTimeoutMs, ...laneFinder(config, { db, now }) })
  const { state, reason } = await findSend(db.query, sendId)
  return {
    kind: 'created',
    sendId,
    state,
    reason,
    message: reason === null ? message : `${message}; it ${reason}`,
  }
}
