/** Signing up over HTTP as a person would, with a stamp that is some seconds old; and a web whose List `weekly` is open to all. */

import { createList } from '../../src/audience/list.js'
import { addSuppression } from '../../src/audience/suppression.js'
import type { Db } from '../../src/db/db.js'
import { makeStamp } from '../../src/link/stamp.js'
import { hashAddress, type Keys } from '../../src/link/token.js'
import { readSignUp, waitingSignUps } from '../../src/track/read-sign-ups.js'
import { openWebPlace, type WebPlace } from './web-place.js'

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

export interface SignUpPlace extends WebPlace {
  /** Of `weekly`. */
  readonly listId: number
  /** On its page, unless `more` names another List. */
  signUp(address: string, more?: Partial<SignUpRequest>): Promise<Response>
  /** What the worker makes of all that wait, in order. */
  readSignUps(): Promise<string[]>
  /** Somebody who is known to `weekly`; the id of the Subscriber. */
  addPerson(address: string, status: 'active' | 'unsubscribed' | 'pending'): Promise<number>
  suppress(address: string, reason: string): Promise<unknown>
}

export const START = 1_764_000_000_000

export async function openSignUpPlace(): Promise<SignUpPlace> {
  const web = await openWebPlace({ time: START })
  const { query } = web.db
  const { id: listId } = await createList(query, {
    name: 'weekly',
    title: 'Tides & Quays',
    description: 'Ports and weather.',
    isPublic: true,
    isOpen: true,
    now: START,
  })
  return Object.assign(web, {
    listId,
    signUp: (address: string, { fields, ...more }: Partial<SignUpRequest> = {}) =>
      signUp(web, { listId, ...more, fields: { address, ...fields } }),
    readSignUps: () => readAll(web.db, web),
    async addPerson(address: string, status: 'active' | 'unsubscribed' | 'pending') {
      const { id } = await query
        .insertInto('subscriber')
        .values({ address, address_key: address, name: '', attributes: '{}', created_at: 1, changed_at: 1 })
        .returning('id')
        .executeTakeFirstOrThrow()
      const subscription = { list_id: listId, subscriber_id: id, status, created_at: 1, changed_at: 1 }
      await query.insertInto('subscription').values(subscription).execute()
      return id
    },
    suppress: (address: string, reason: string) =>
      addSuppression(query, { hash: hashAddress(web.keys, address), reason, now: web.time }),
  })
}
