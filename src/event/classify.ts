/** A Hit by itself, judged by the rules that need no neighbours. */

import type { HitKind } from '../db/schema.js'
import { type Classification, judgeDelivery } from './judge/judge.js'
import type { Requester } from './requester.js'

export interface ClassifiedHit extends Pick<Requester, 'method' | 'userAgent' | 'headers'> {
  readonly kind: HitKind
}

export function classify(hit: ClassifiedHit): Classification {
  const alone = { ...hit, id: 0, link: null, network: '', at: 0 }
  const judged = judgeDelivery([alone], { sentAt: null, links: 0, isCrowded: () => false })
  return judged.get(0) ?? { verdict: 'unknown', reasons: [] }
}
