/** A relay as it was met: does it take our login, and does what passes stay between us and it? */

import { type Finding, findingsOf } from './finding.js'

const relay = findingsOf('relay')

interface Known {
  /** Without credentials. */
  readonly name: string
  /** It is for all that have no relay of their own. */
  readonly takesRest: boolean
}

export type RelayLook =
  | (Known & {
      readonly kind: 'taken'
      /** Null: the connection is not encrypted. */
      readonly tls: RelayTls | null
      readonly hasLogin: boolean
      /** In this network or on this machine. */
      readonly isInner: boolean
    })
  /** Not over SMTP: what it is asked is whether it can be used. */
  | (Known & { readonly kind: 'usable' })
  | (Known & { readonly kind: 'refused'; readonly message: string })

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

/** One that can't be used stops a Send only when no other takes the rest. */
export function judgeRelays(looks: readonly RelayLook[], now: number): readonly Finding[] {
  const isServed = looks.some(({ kind, takesRest }) => takesRest && kind !== 'refused')
  return looks.map((look) => judgeRelay(look, { now, isServed }))
}

function judgeRelay(
  look: RelayLook,
  { now, isServed }: { readonly now: number; readonly isServed: boolean },
): Finding {
  const { name } = look
  if (look.kind === 'refused')
    return isServed
      ? relay.warning(`${look.message}; the other relays take its share`)
      : relay.error(look.message)
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
