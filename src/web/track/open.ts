/** `/o/TOKEN.gif`: the pixel. The answer is the same whatever is asked, so that it tells nobody which Tokens are good. */

import { type Keys, verifyToken } from '../../link/token.js'
import { GUARDS } from '../guards.js'
import type { Answer, AnswerContext, Asked } from './answer.js'
import { keepHit } from './hit.js'

export const OPEN_PATH = '/o/'
const SUFFIX = '.gif'

/** One transparent pixel, GIF89a. */
const PIXEL = new Uint8Array(
  Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
)

export async function answerOpen(asked: Asked, context: AnswerContext): Promise<Answer | null> {
  const file = asked.path.slice(OPEN_PATH.length)
  if (file.includes('/')) return null
  const deliveryId = readPixel(context.keys, file)
  if (deliveryId !== null) await keepHit(asked, { kind: 'open', deliveryId, link: null }, context)
  return THE_PIXEL
}

function readPixel(keys: Keys, file: string): number | null {
  return file.endsWith(SUFFIX) ? verifyToken(keys, 'read', file.slice(0, -SUFFIX.length)) : null
}

const THE_PIXEL: Answer = {
  status: 200,
  headers: {
    'Content-Type': 'image/gif',
    'Content-Length': String(PIXEL.length),
    'Cache-Control': 'no-store, private',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    ...GUARDS,
  },
  body: PIXEL,
}
