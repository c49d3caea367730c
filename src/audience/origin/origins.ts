/** The Origins there are, and which one a header shows. */

import { buttondown } from './buttondown.js'
import { ghost } from './ghost.js'
import { listmonk } from './listmonk.js'
import { mailchimp } from './mailchimp.js'
import type { Origin } from './origin.js'
import { pressrun } from './pressrun.js'
import { substack } from './substack.js'

export const ORIGINS: readonly Origin[] = [pressrun, mailchimp, substack, ghost, buttondown, listmonk]

/** Names as they stand in the header; null: a file of nobody's in particular. */
export function recognise(header: readonly string[]): Origin | null {
  const names = new Set(header.map((name) => name.trim().toLowerCase()))
  return ORIGINS.find((origin) => origin.isHeader(names)) ?? null
}
