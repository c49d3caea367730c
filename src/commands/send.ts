/**
 * `pressrun send`: compile, freeze, ring. The engine delivers; with --wait this process is one until it is done, and with
 * --at the engine freezes when it is due.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { findEngine } from '../app/announcement.js'
import { laneFinder } from '../app/mx.js'
import { checkRelays, replyTimeoutMs } from '../app/relay-check.js'
import { isEngineRunning, ringEngine, ringWaiting } from '../app/ring.js'
import { describeUnsigned } from '../app/signing.js'
import { openStore, type Store } from '../app/store.js'
import { findList, type List } from '../audience/list.js'
import { describeSegment, type Segment } from '../audience/segment/segment.js'
import type { Build } from '../compile/build.js'
import { canonicalJson } from '../compile/canonical.js'
import type { Finding } from '../compile/checks/finding.js'
import type { CompiledIssue } from '../compile/compiled.js'
import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import type { TrackingLimit } from '../issue/tracking.js'
import type { Log } from '../log.js'
import { formatNumber } from '../report/columns.js'
import { readStatus, type Status } from '../report/status.js'
import { createSend, findStanding, type StandingSend } from '../send/create.js'
import { freezeSend } from '../send/freeze.js'
import { countOutlook, type Outlook } from '../send/outlook.js'
import { type ScheduledTime, writeScheduledTime } from '../send/scheduled-time.js'
import { sayIfCopied } from './copied.js'
import { compileFor, hasErrors } from './prepare.js'
import { checkTopics, readWanted, type Wanted } from './send-crowd.js'

const POLL_MS = 250

export interface SendRequest {
  readonly slugOrPath: string
  readonly listName: string
  /** A filter, or the name of one in newsletter.yaml; null: the whole List. */
  readonly segment: string | null
  /** Null: now. */
  readonly schedule: (ScheduledTime & { readonly lateMs: number }) | null
  readonly uncertainPolicy: 'hold' | 'resend'
  /** What may be tracked at most. */
  readonly tracking: TrackingLimit
}

export interface SendContext {
  readonly config: Config
  readonly log: Log
  /** What an editor reads meanwhile; one sentence each. */
  readonly say: (sentence: string) => void
  /** What checks found, and what the editor let pass. */
  readonly sayFindings: (findings: readonly Finding[]) => void
}

export type SendAnswer =
  /** The Issue is not fit to be sent; `build` says why. */
  | { readonly kind: 'blocked'; readonly build: Build }
  | AlreadySent
  | { readonly kind: 'frozen'; readonly sendId: number; readonly build: Build }
  | {
      readonly kind: 'scheduled'
      readonly sendId: number
      readonly build: Build
      readonly schedule: ScheduledTime
    }

/** It is a Send to this List. */
interface AlreadySent {
  readonly kind: 'already'
  readonly sendId: number
  readonly state: string
  readonly message: string
}

export interface Foreseen {
  readonly kind: 'foreseen'
  readonly build: Build
  readonly list: string
  /** Null: the whole List. */
  readonly segment: Segment | null
  readonly outlook: Outlook
  /** Null: it would begin at once. */
  readonly schedule: ScheduledTime | null
}

/** `--dry-run`: what would happen, nothing written. */
export async function dryRun(
  { slugOrPath, listName, segment: said, schedule, tracking }: Omit<SendRequest, 'uncertainPolicy'>,
  { config }: SendContext,
): Promise<Foreseen | AlreadySent> {
  const wanted = await readWanted(config.root, said)
  const localUrl = findEngine(config)?.url ?? null
  const build = await compileFor(config, slugOrPath, { localUrl, tracking })
  const store = await openStore(config)
  try {
    const list = await findList(store.db.query, listName)
    const { slug } = build.compilation.compiled
    const standing = await findStanding(store.db.query, { slug, listId: list.id })
    if (standing && (schedule || !isBrokenOff(standing, build.compilation.hash)))
      return alreadySent(standing, { build, list: list.name })
    const outlook = await foreseeCrowd(build, { list, ...wanted }, store)
    return { kind: 'foreseen', build, list: list.name, segment: wanted.segment, outlook, schedule }
  } finally {
    await store.close()
  }
}

/**
 * Creates and freezes the Send. Whatever is wrong with the Issue, the List or the relay is said before anything is
 * written. `localUrl` is where a running engine's web really listens.
 */
export async function sendIssue(
  request: SendRequest,
  store: Store,
  context: SendContext & { readonly localUrl: string | null },
): Promise<SendAnswer> {
  const { db, keys, now } = store
  const wanted = await readWanted(context.config.root, request.segment)
  const { localUrl } = context
  const build = await compileFor(context.config, request.slugOrPath, { localUrl, tracking: request.tracking })
  if (hasErrors(build)) {
    context.sayFindings(build.findings)
    return { kind: 'blocked', build }
  }
  const list = await findList(db.query, request.listName)
  const { compilation } = build
  const outlook = await foreseeCrowd(build, { list, ...wanted }, store)
  if (outlook.audience === 0) throw new InputError(describeNobody(list.name, wanted.segment))
  await checkRelays(context.config, context.say)
  sayIfUnsigned(compilation.compiled.publication.from.address, context)
  const content = canonicalJson(compilation.compiled)
  const { schedule, uncertainPolicy } = request
  const created = await createSend(db.query, {
    compilation,
    content,
    listId: list.id,
    ...wanted,
    now: now(),
    uncertainPolicy,
    ...(schedule ? { schedule } : {}),
  })
  if (created.kind === 'exists' && (schedule || !isBrokenOff(created, compilation.hash)))
    return alreadySent(created, { build, list: list.name })
  context.sayFindings(build.findings)
  const { sendId } = created
  if (schedule) return { kind: 'scheduled', sendId, build, schedule }
  await freezeSend(sendId, {
    query: db.query,
    keys,
    now,
    wireTimeoutMs: replyTimeoutMs(context.config),
    ...laneFinder(context.config, store),
    onProgress: (placed) =>
      context.say(`placed ${formatNumber(placed)} of ${formatNumber(outlook.audience)}`),
  })
  return { kind: 'frozen', sendId, build }
}

/** Throws InputError for topics that the List does not have. */
async function foreseeCrowd(
  { compilation }: Build,
  { list, segment, calendar }: Wanted & { readonly list: List },
  { db, keys, now }: Store,
): Promise<Outlook> {
  const { slug, topics = [] } = compilation.compiled
  checkTopics(list, topics)
  return countOutlook(db.query, { slug, topics, listId: list.id, segment, calendar, keys, now: now() })
}

function describeNobody(list: string, segment: Segment | null): string {
  return segment === null
    ? `the List "${list}" is empty; pressrun subscribers import FILE.csv --list ${list} fills it`
    : `there is nobody on "${list}" where ${describeSegment(segment)}; pressrun segment ${list} 'FILTER' counts who there is`
}

/** Nothing leaves this machine without a relay. Throws InputError for a key that can't sign. */
function sayIfUnsigned(from: string, { config, say }: SendContext): void {
  const sentence = describeUnsigned(from.slice(from.lastIndexOf('@') + 1), config)
  if (sentence !== null && config.smtpUrl !== null) say(sentence)
}

/** The same Issue, byte for byte, of which the freeze may have died. */
function isBrokenOff({ state, hash }: StandingSend, wanted: string): boolean {
  return state === 'preparing' && hash === wanted
}

function alreadySent(
  standing: StandingSend,
  place: { readonly build: Build; readonly list: string },
): AlreadySent {
  const { sendId, state } = standing
  return { kind: 'already', sendId, state, message: describeEarlier(standing, place) }
}

/** What it is already, and what can be done about it. */
function describeEarlier(
  { sendId, state, reason }: StandingSend,
  { build, list }: { readonly build: Build; readonly list: string },
): string {
  const what = `${build.compilation.compiled.slug} to "${list}"`
  switch (state) {
    case 'scheduled':
      return `${what} is scheduled already, as Send ${sendId}; pressrun supersede ${sendId} puts the corrected issue in its place, pressrun cancel ${sendId} takes it back`
    case 'paused':
      return `${what} is Send ${sendId} already, which is paused${reason === null ? '' : ` (${reason})`}; pressrun resume ${sendId} goes on with it`
    case 'cancelled':
      return `${what} was Send ${sendId}, which was cancelled; pressrun supersede ${sendId} sends the corrected issue to those it had not reached`
    case 'finished':
      return `${build.compilation.compiled.slug} was sent to "${list}" before, as Send ${sendId} (finished); nobody gets it twice, and pressrun repeat ${sendId} tries those again who failed`
    default:
      return `${what} is Send ${sendId} already (${state}); nobody gets it twice, and pressrun status ${sendId} --watch looks on`
  }
}

/** Creates the Send and tells the engine; without one it waits for `pressrun start`. */
export async function sendAndRing(request: SendRequest, context: SendContext): Promise<SendAnswer> {
  const store = await openStore(context.config)
  try {
    const sent = await sendIssue(request, store, {
      ...context,
      localUrl: findEngine(context.config)?.url ?? null,
    })
    if (sent.kind === 'frozen' && !(await ringEngine(context.config, { store, log: context.log })))
      context.say(`Send ${sent.sendId} is queued; run pressrun start to deliver it`)
    if (sent.kind === 'frozen' || sent.kind === 'scheduled') await sayIfCopied(store, context)
    return sent
  } finally {
    await store.close()
  }
}

export interface WaitContext extends SendContext {
  /** Aborted by Ctrl-C: what is in flight is finished, the rest stays queued. */
  readonly signal: AbortSignal
  readonly onStatus: (status: Status) => void
}

/** Sends and stays until it is finished, paused, or the person has enough. `status` is null when nothing was sent. */
export async function sendAndWait(
  request: SendRequest,
  context: WaitContext,
): Promise<{ readonly sent: SendAnswer; readonly status: Status | null }> {
  const { config, log } = context
  const { startEngine } = await import('../app/engine.js')
  const engine = (await isEngineRunning(config, log)) ? null : await startEngine(config, { log })
  const store = engine?.store ?? (await openStore(config))
  try {
    const localUrl = (engine ?? findEngine(config))?.url ?? null
    const sent = await sendIssue(request, store, { ...context, localUrl })
    if (sent.kind !== 'frozen') return { sent, status: null }
    if (engine === null) await ringEngine(config, { store, log })
    else await ringWaiting(engine.queue, store)
    return { sent, status: await awaitSend(sent.sendId, store, context) }
  } finally {
    await (engine ?? store).close()
  }
}

/** Resolves when the Send needs nobody any more: finished, cancelled or paused. */
export async function awaitSend(
  sendId: number,
  { db }: Store,
  { signal, onStatus }: Pick<WaitContext, 'signal' | 'onStatus'>,
): Promise<Status> {
  for (;;) {
    const status = await readStatus(db.query, sendId)
    onStatus(status)
    if (['finished', 'cancelled', 'paused'].includes(status.state) || signal.aborted) return status
    // Aborting the wait is how it ends early.
    await wait(POLL_MS, undefined, { signal }).catch(() => {})
  }
}

export function printOutlook({ build, list, segment, outlook, schedule }: Foreseen): string {
  const crowd = segment === null ? `on "${list}"` : `on "${list}" where ${describeSegment(segment)}`
  const lines = [
    `${formatNumber(outlook.mailable)} of ${formatNumber(outlook.audience)} ${crowd} would get it`,
  ]
  for (const [reason, count] of Object.entries(outlook.excluded))
    lines.push(`  left out, ${reason}: ${formatNumber(count)}`)
  if (schedule !== null)
    lines.push(`it would begin at ${writeScheduledTime(schedule)}, and the List be read then`)
  const untracked = describeUntracked(build.compilation.compiled)
  if (untracked !== null) lines.push(untracked)
  return `${lines.join('\n')}\n`
}

/** Null: opens and clicks are both tracked. */
function describeUntracked({ publication: { tracking } }: CompiledIssue): string | null {
  if (tracking === undefined || (tracking.opens && tracking.clicks)) return null
  if (tracking.opens) return 'clicks would not be tracked: its links lead straight to where they lead'
  if (tracking.clicks) return 'opens would not be tracked: its mails hold no pixel'
  return 'nothing would be tracked: its mails hold no pixel, and its links lead straight to where they lead'
}
