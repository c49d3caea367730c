/** Is there a way back? What a message's return path leads to, and whether anybody takes in what arrives there. */

import { type Finding, findingsOf } from './finding.js'

const bounces = findingsOf('bounces')

export interface WayBack {
  /** Domain of RETURN_PATH in A-labels; null: what bounces goes to the From address. */
  readonly domain: string | null
  /** `host:port` of BOUNCES_LISTEN. */
  readonly listens: string | null
  /** COMPLAINTS is set, an address that is taken in there too. */
  readonly takesComplaints: boolean
  /** Names of the mailboxes in BOUNCES, without passwords; a string is what is wrong with it. */
  readonly mailboxes: readonly string[] | string
}

export function judgeWayBack({ domain, listens, takesComplaints, mailboxes }: WayBack): Finding {
  if (typeof mailboxes === 'string') return bounces.error(mailboxes)
  const places = [...(listens === null ? [] : [`the listener on ${listens}`]), ...mailboxes]
  if (domain === null && listens !== null && !takesComplaints)
    return bounces.error(
      'BOUNCES_LISTEN takes in only what bears a token; set RETURN_PATH, a pattern like bounces+*@example.com, too',
    )
  if (domain === null)
    return mailboxes.length === 0
      ? bounces.warning(
          'what bounces after it was accepted goes to the From address, and nobody counts it; set RETURN_PATH and BOUNCES_LISTEN or BOUNCES, or a webhook of your provider',
        )
      : bounces.ok(`what bounces goes to the From address, and ${mailboxes.join(', ')} is read`)
  if (places.length === 0)
    return bounces.warning(
      `what bounces goes to ${domain}, and nobody takes it in; set BOUNCES_LISTEN or BOUNCES, unless a webhook of your provider tells of it`,
    )
  return bounces.ok(`what bounces goes to ${domain}, and is taken in by ${places.join(' and ')}`)
}
