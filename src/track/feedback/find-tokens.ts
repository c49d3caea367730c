/** What looks like a Token or Message-ID of ours in addresses and text. Whether it is one, keys have to say. */

import { MESSAGE_ID_LENGTH, RETURN_TOKEN_LENGTH, TOKEN_LENGTH } from '../../link/token.js'

/** Of each sort; a report about us names one or two. */
const MAX_FOUND = 20

const RETURN_RUN = new RegExp(`[a-z2-7]{${RETURN_TOKEN_LENGTH},}`, 'g')
const LEAVE = new RegExp(`/u/([\\w-]{${TOKEN_LENGTH}})(?![\\w-])`, 'g')
const MESSAGE_ID = new RegExp(`<([0-9a-f]{${MESSAGE_ID_LENGTH}})@`, 'gi')

/**
 * In addresses, such as `bounces+TOKEN@example.com`, also behind what a forwarder writes around them. Where letters touch
 * it (`bouncesTOKEN@`), both ends are looked at. Lower case.
 */
export function findReturnTokens(addresses: readonly string[]): readonly string[] {
  return distinct(
    addresses.flatMap((address) => {
      const runs = address.slice(0, 1_000).toLowerCase().match(RETURN_RUN) ?? []
      return runs.flatMap((run) => [run.slice(-RETURN_TOKEN_LENGTH), run.slice(0, RETURN_TOKEN_LENGTH)])
    }),
  )
}

/** In the text of a List-Unsubscribe: `<https://example.com/u/TOKEN>`. */
export function findLeaveTokens(text: string): readonly string[] {
  return distinct(Array.from(text.matchAll(LEAVE), ([, token = '']) => token))
}

/** In a Message-ID, In-Reply-To or References: `<24 hex characters@…>`. Lower case. */
export function findMessageIds(text: string): readonly string[] {
  return distinct(Array.from(text.matchAll(MESSAGE_ID), ([, left = '']) => left.toLowerCase()))
}

export function distinct(found: readonly string[]): readonly string[] {
  return [...new Set(found)].slice(0, MAX_FOUND)
}
