/** Addresses of our own in a mail, told by their shape: what a Token leads to is the engine's to know. */

import { TOKEN_LENGTH } from '../../../link/token.js'
import { TRAP_INDEX } from '../../../link/trap.js'

export type OurUrl =
  | { readonly kind: 'click'; readonly index: number }
  | { readonly kind: 'trap' | 'pixel' | 'leave' | 'notice' | 'preferences' | 'comment' | 'testPage' }
  | { readonly kind: 'image'; readonly file: string; readonly sha256: string }

const TOKEN = `[A-Za-z0-9_-]{${TOKEN_LENGTH}}`
const CLICK = new RegExp(`/c/${TOKEN}/(${TRAP_INDEX}|0|[1-9]\\d{0,5})$`)
const LEAVE = new RegExp(`/u/${TOKEN}$`)
const NOTICE = new RegExp(`/n/${TOKEN}$`)
const PREFERENCES = new RegExp(`/p/${TOKEN}$`)
const COMMENT = new RegExp(`/issues/[^/]+/comment/${TOKEN}$`)
const TEST_PAGE = /\/issues\/[^/]+\/test$/
const PIXEL = new RegExp(`/o/${TOKEN}\\.gif$`)
const IMAGE = /\/i\/(([0-9a-f]{64})\.(?:png|jpg|gif))$/

/** Null for any other address. */
export function readOurUrl(url: string): OurUrl | null {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return null
  const { pathname } = new URL(url)
  const index = CLICK.exec(pathname)?.[1]
  if (index !== undefined)
    return index === TRAP_INDEX ? { kind: 'trap' } : { kind: 'click', index: Number(index) }
  const [, file, sha256] = IMAGE.exec(pathname) ?? []
  if (file !== undefined && sha256 !== undefined) return { kind: 'image', file, sha256 }
  if (LEAVE.test(pathname)) return { kind: 'leave' }
  if (NOTICE.test(pathname)) return { kind: 'notice' }
  if (PREFERENCES.test(pathname)) return { kind: 'preferences' }
  if (COMMENT.test(pathname)) return { kind: 'comment' }
  if (TEST_PAGE.test(pathname)) return { kind: 'testPage' }
  return PIXEL.test(pathname) ? { kind: 'pixel' } : null
}
