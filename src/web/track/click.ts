/**
 * `/c/TOKEN/INDEX`: redirects to a Link of the Send that the Token's Delivery belongs to, and to nothing else: what the
 * request says is never a target. Any Link of that Send is a legal one, so one MAC a Message is enough.
 */

import { TOKEN_LENGTH, verifyToken } from '../../link/token.js'
import { TRAP_INDEX } from '../../link/trap.js'
import type { Answer, AnswerContext, Asked } from './answer.js'
import { keepHit } from './hit.js'
import { redirectTo } from './redirect.js'
import type { Targets } from './targets.js'

export const CLICK_PATH = '/c/'
const INDEX_AT = CLICK_PATH.length + TOKEN_LENGTH + 1

export function answerClick(asked: Asked, context: AnswerContext): Promise<Answer | null> {
  const { path } = asked
  if (path[INDEX_AT - 1] !== '/') return NOT_OURS
  const deliveryId = verifyToken(context.keys, 'read', path.slice(CLICK_PATH.length, INDEX_AT - 1))
  if (deliveryId === null) return NOT_OURS
  const targets = context.targets.ofDelivery(deliveryId)
  // Nearly always known; one wait less for each click.
  if (!(targets instanceof Promise)) return follow(targets, { asked, deliveryId }, context)
  return targets.then((found) => (found === null ? null : follow(found, { asked, deliveryId }, context)))
}

function follow(
  targets: Targets,
  { asked, deliveryId }: { readonly asked: Asked; readonly deliveryId: number },
  context: AnswerContext,
): Promise<Answer | null> {
  const index = asked.path.slice(INDEX_AT)
  if (index === TRAP_INDEX) return spring(asked, deliveryId, context)
  const redirect = targets.get(index)
  if (redirect === undefined) return NOT_OURS
  return keepHit(asked, { kind: 'click', deliveryId, link: Number(index) }, context).then(() => redirect)
}

async function spring(asked: Asked, deliveryId: number, context: AnswerContext): Promise<Answer> {
  const home = `${await context.publicUrl()}/`
  await keepHit(asked, { kind: 'trap', deliveryId, link: null }, context)
  return redirectTo(home)
}

const NOT_OURS = Promise.resolve(null)
