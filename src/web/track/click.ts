/**
 * `/c/TOKEN/INDEX`: redirects to a Link of the Send that the Token's Delivery belongs to, and to nothing else: what the
 * request says is never a target. Any Link of that Send is a legal one, so one MAC a Message is enough.
 */

import { TOKEN_LENGTH, verifyToken } from '../../link/token.js'
import { TRAP_INDEX } from '../../link/trap.js'
import { GUARDS } from '../guards.js'
import type { Answer, AnswerContext, Asked } from './answer.js'
import { keepHit } from './hit.js'

export const CLICK_PATH = '/c/'
const INDEX_AT = CLICK_PATH.length + TOKEN_LENGTH + 1

export async function answerClick(asked: Asked, context: AnswerContext): Promise<Answer | null> {
  const { path } = asked
  if (path[INDEX_AT - 1] !== '/') return null
  const deliveryId = verifyToken(context.keys, 'read', path.slice(CLICK_PATH.length, INDEX_AT - 1))
  const targets = deliveryId === null ? null : await context.targets.ofDelivery(deliveryId)
  if (deliveryId === null || targets === null) return null
  const index = path.slice(INDEX_AT)
  if (index === TRAP_INDEX) {
    const home = `${await context.publicUrl()}/`
    await keepHit(asked, { kind: 'trap', deliveryId, link: null }, context)
    return redirectTo(home)
  }
  const target = targets.get(index)
  if (target === undefined) return null
  await keepHit(asked, { kind: 'click', deliveryId, link: Number(index) }, context)
  return redirectTo(target)
}

function redirectTo(target: string): Answer {
  return { status: 302, headers: { Location: target, ...HEADERS }, body: null }
}

const HEADERS = {
  'Cache-Control': 'no-store, private',
  'X-Robots-Tag': 'noindex',
  'Content-Length': '0',
  ...GUARDS,
} as const
