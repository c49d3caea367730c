/** Signing up over HTTP as a person would, with a stamp that is some seconds old. */

import type { Db } from '../../src/db/db.js'
import { makeStamp } from '../../src/link/stamp.js'
import type { Keys } from '../../src/link/token.js'
import { readSignUp, waitingSignUps } from '../../src/track/read-sign-ups.js'

export interface SignUpRig {
  readonly url: string
  readonly keys: Keys
  readonly now: () => number
}

export interface SignUpRequest {
  readonly list?: string
  readonly listId: number
  readonly fields?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly ageMs?: number
}

export function signUp(
  { url, keys, now }: SignUpRig,
  { list = 'weekly', listId, fields = {}, headers = {}, ageMs = 5_000 }: SignUpRequest,
): Promise<Response> {
  const { from = 'page', page = '' } = fields
  const stamp = makeStamp(keys, [listId, from, page], now() - ageMs)
  const body = new URLSearchParams({
    address: '',
    name: '',
    message: '',
    stamp,
    from,
    page,
    lang: 'en',
    ...fields,
  })
  return fetch(`${url}/subscribe/${list}`, { method: 'POST', body, headers, redirect: 'manual' })
}

/** What the worker makes of all that wait, in order. */
export async function readAll(db: Db, { keys, now }: Pick<SignUpRig, 'keys' | 'now'>): Promise<string[]> {
  const fates: string[] = []
  for (;;) {
    const ids = await waitingSignUps(db.query, 500)
    if (ids.length === 0) return fates
    for (const id of ids) {
      const fate = await readSignUp(id, { query: db.query, keys, now })
      fates.push(fate.kind === 'capped' ? fate.by : fate.kind)
    }
  }
}
