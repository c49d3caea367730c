/** `pressrun send`: compile, freeze, ring. The engine delivers; with --wait this process is one until it is done. */

import { type Engine, findEngine, openStore, type Store, startEngine } from '../app.js'
import { findList } from '../audience/list.js'
import type { Build } from '../compile/build.js'
import { canonicalJson } from '../compile/canonical.js'
import type { Config } from '../config.js'
import { InputError, messageOf } from '../errors.js'
import type { Log } from '../log.js'
import { openQueue } from '../queue/queue.js'
import { readStatus, type Status } from '../report/status.js'
import { forgottenBatches } from '../send/batch.js'
import { countOutlook, type Outlook } from '../send/candidate.js'
import { freezeSend } from '../send/freeze.js'
import { createSend } from '../send/send.js'
import { openRelay } from '../smtp/relay.js'
import { compileFor, hasErrors } from './prepare.js'

export interface SendRequest {
  readonly slugOrPath: string
  readonly listName: string
}

export interface SendContext {
  readonly config: Config
  readonly log: Log
  /** What an editor reads meanwhile; one sentence each. */
  readonly say: (sentence: string) => void
}

export type SendAnswer =
  /** The Issue is not fit to be sent; `build` says why. */
  | { readonly kind: 'blocked'; readonly build: Build }
  /** It was sent to this List before. */
  | { readonly kind: 'already'; readonly sendId: number; readonly state: string; readonly message: string }
  | { readonly kind: 'frozen'; readonly sendId: number; readonly build: Build }

/** `--dry-run`: what would happen, nothing written. */
export async function dryRun(
  { slugOrPath, listName }: SendRequest,
  { config }: SendContext,
): Promise<{ readonly build: Build; readonly list: string; readonly outlook: Outlook }> {
  const build = await compileFor(config, slugOrPath)
  const store = await openStore(config)
  try {
    const list = await findList(store.db.query, listName)
    const { slug } = build.compilation.compiled
    const outlook = await countOutlook(store.db.query, { slug, listId: list.id, keys: store.keys })
    return { build, list: list.name, outlook }
  } finally {
    await store.close()
  }
}

/** Creates and freezes the Send. Whatever is wrong with the Issue, the List or the relay is said before anything is written. */
export async function sendIssue(
  request: SendRequest,
  store: Store,
  context: SendContext,
  engineUrl?: string,
): Promise<SendAnswer> {
  const { db, keys, now } = store
  const build = await compileFor(context.config, request.slugOrPath, engineUrl)
  if (hasErrors(build)) return { kind: 'blocked', build }
  const list = await findList(db.query, request.listName)
  const { compilation } = build
  const outlook = await countOutlook(db.query, { slug: compilation.compiled.slug, listId: list.id, keys })
  if (outlook.audience === 0)
    throw new InputError(
      `the List "${list.name}" is empty; pressrun subscribers import FILE.csv --list ${list.name} fills it`,
    )
  await checkRelay(context)
  const content = canonicalJson(compilation.compiled)
  const created = await createSend(db.query, { compilation, content, listId: list.id, now: now() })
  if (created.kind === 'exists' && !(created.state === 'preparing' && created.hash === compilation.hash)) {
    const { sendId, state } = created
    const message = `${compilation.compiled.slug} was sent to "${list.name}" before, as Send ${sendId} (${state}); nobody gets it twice`
    return { kind: 'already', sendId, state, message }
  }
  const { sendId } = created
  await freezeSend(sendId, {
    query: db.query,
    keys,
    now,
    onProgress: (placed) =>
      context.say(`placed ${placed.toLocaleString('en')} of ${outlook.audience.toLocaleString('en')}`),
  })
  return { kind: 'frozen', sendId, build }
}

/** A wrong password is better known before anyone is placed. */
async function checkRelay({ config }: SendContext): Promise<void> {
  if (config.smtpUrl === null) return
  const relay = openRelay({ url: config.smtpUrl })
  try {
    await relay.verify()
  } finally {
    await relay.close()
  }
}

/** Rings the engine for what was frozen; when it can't be reached it finds the work by itself. */
export async function ringEngine(
  sendId: number,
  store: Store,
  { config, log, say }: SendContext,
): Promise<void> {
  const engine = config.databaseUrl !== null && config.redisUrl !== null ? null : findEngine(config)
  const address = config.redisUrl ?? engine?.redis ?? ''
  if (address === '') {
    if (engine === null) say(`Send ${sendId} is queued; run pressrun start to deliver it`)
    return
  }
  const queue = openQueue({ address, log })
  try {
    await queue.ring(await forgottenBatches({ query: store.db.query, now: store.now }, 100))
  } catch (error) {
    log.debug({ error: messageOf(error) }, 'not rung')
  } finally {
    await queue.close()
  }
}

const POLL_MS = 250

/** Resolves when the Send needs nobody any more: finished, cancelled or paused. */
export async function awaitSend(
  sendId: number,
  {
    store,
    signal,
    onStatus,
  }: { readonly store: Store; readonly signal: AbortSignal; readonly onStatus: (status: Status) => void },
): Promise<Status> {
  for (;;) {
    const status = await readStatus(store.db.query, sendId)
    onStatus(status)
    if (['finished', 'cancelled', 'paused'].includes(status.state) || signal.aborted) return status
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** The engine of this process, when none runs that would deliver. */
export async function becomeEngine({ config, log }: SendContext): Promise<Engine | null> {
  const isShared = config.databaseUrl !== null && config.redisUrl !== null
  if (!isShared && findEngine(config) !== null) return null
  return startEngine(config, { log })
}
