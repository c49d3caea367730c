/** A relay as it was met: does it take our login, and does what passes stay between us and it? */

import { type Finding, findingsOf } from './finding.js'

const relay = findingsOf('relay')

export type RelayLook =
  | {
      readonly kind: 'taken'
      /** Without credentials. */
      readonly name: string
      /** Null: the connection is not encrypted. */
      readonly tls: RelayTls | null
      readonly hasLogin: boolean
      /** In this network or on this machine. */
      readonly isInner: boolean
    }
  /** Not over SMTP: what it is asked is whether it can be used. */
  | { readonly kind: 'usable'; readonly name: string }
  | { readonly kind: 'refused'; readonly name: string; readonly message: string }

export interface RelayTls {
  /** `TLSv1.3` */
  readonly protocol: string
  /** False: the options say not to look at the certificate, and it would not hold. */
  readonly isTrusted: boolean
  /** Ms since 1970; null when the certificate does not tell. */
  readonly expiresAt: number | null
}

const DAY_MS = 86_400_000
const SOON_DAYS = 14

export function judgeRelay(look: RelayLook, now: number): Finding {
  const { name } = look
  if (look.kind === 'refused') return relay.error(look.message)
  if (look.kind === 'usable') return relay.ok(`${name} can be used`)
  const { tls, hasLogin, isInner } = look
  const what = hasLogin ? 'takes our login' : 'takes us without a login'
  if (tls === null)
    return isInner
      ? relay.ok(`${name} ${what}; without TLS, within this network`)
      : relay.warning(
          `${name} ${what} without TLS: messages and addresses can be read on the way; use a port that starts TLS`,
        )
  if (!tls.isTrusted)
    return relay.warning(
      `${name} ${what} over ${tls.protocol}, but its certificate would not hold and is not looked at (tls.rejectUnauthorized); name its authority in NODE_EXTRA_CA_CERTS instead`,
    )
  const days = tls.expiresAt === null ? null : Math.floor((tls.expiresAt - now) / DAY_MS)
  if (days !== null && days < SOON_DAYS)
    return relay.warning(
      `${name} ${what} over ${tls.protocol}, but its certificate ends in ${days} ${days === 1 ? 'day' : 'days'}; have it renewed`,
    )
  return relay.ok(`${name} ${what} over ${tls.protocol}, with a certificate that holds`)
}
