/** From a request to the Hit that is kept of it. */

import type { Context } from 'hono'
import type { HitKind } from '../../db/schema.js'
import { type Hit, type Hits, LateHit } from '../../event/hit.js'
import { HOW } from '../../event/judge/form.js'
import { type Requester, readRequester } from '../../event/requester.js'
import type { WebEnv } from '../env.js'
import type { OutageLog } from '../outage.js'
import type { AnswerContext, Asked } from './answer.js'

export interface HitSubject {
  readonly kind: HitKind
  readonly deliveryId: number
  readonly link: number | null
  /** Of who leaves: `page`, `one-click` (RFC 8058) or `post`. */
  readonly how?: string
}

export interface HitContext {
  readonly hits: Hits
  readonly outage: OutageLog
}

/**
 * Resolves with the Hit's id once it is committed, or with null when it could not be kept: a reader gets the page and
 * leaves a list even while nothing can be counted.
 */
export async function recordHit(
  c: Context<WebEnv>,
  { kind, deliveryId, link, how }: HitSubject,
  { hits, outage }: HitContext,
): Promise<number | null> {
  const { headers, ...requester } = requesterOf(c)
  const kept = how === undefined ? headers : { ...headers, [HOW]: how }
  return record({ kind, deliveryId, link, ...requester, headers: kept }, { hits, outage })
}

/** Of a pixel or a link: resolves when it may be answered. Who asks not to be tracked is not, where that is honoured. */
export function keepHit(
  asked: Asked,
  subject: HitSubject,
  context: Pick<AnswerContext, 'hits' | 'outage' | 'pace' | 'publication'>,
): Promise<unknown> {
  const turn = context.pace.turn(subject.deliveryId)
  const kept = saysDoNotTrack(asked.header)
    ? keepUnlessHonoured(asked, subject, context)
    : keep(asked, subject, context)
  return turn === null ? kept : Promise.all([kept, turn])
}

async function keepUnlessHonoured(
  asked: Asked,
  subject: HitSubject,
  context: HitContext & Pick<AnswerContext, 'publication'>,
): Promise<void> {
  if ((await context.publication())?.tracking.doNotTrack !== 'honour') await keep(asked, subject, context)
}

function keep(
  { method, client, header }: Asked,
  { kind, deliveryId, link }: HitSubject,
  context: HitContext,
): Promise<number | null> {
  const { userAgent, network, headers } = readRequester({ method, address: client, header })
  return record({ kind, deliveryId, link, method, userAgent, network, headers }, context)
}

/** `DNT` (Tracking Preference Expression, section 5.2) and `Sec-GPC` (Global Privacy Control, section 3). */
function saysDoNotTrack(header: Asked['header']): boolean {
  return header('dnt') === '1' || header('sec-gpc') === '1'
}

function record(hit: Hit, { hits, outage }: HitContext): Promise<number | null> {
  return hits.record(hit).catch((error: unknown) => {
    outage.report(error instanceof LateHit ? 'hit answered before it was kept' : 'hit lost', error)
    return null
  })
}

function requesterOf(c: Context<WebEnv>): Requester {
  return readRequester({
    method: c.req.method,
    address: c.get('client'),
    header: (name) => c.req.header(name),
  })
}

/** From where a person acts, for an Event: consent is proved with it. */
export function whoAsks(c: Context<WebEnv>): { readonly network: string; readonly agent: string } {
  const { network, userAgent } = requesterOf(c)
  return { network, agent: userAgent }
}
