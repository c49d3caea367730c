/** The demo's subscribers: the cast, each with a trait, and readers enough to make 1,000. */

import type { Refusal } from '../smtp/inbox.js'

const GIVEN = [
  'Ada',
  'Björn',
  'Chiara',
  'Dmitri',
  'Esra',
  'Fatou',
  'Goran',
  'Hana',
  'Ines',
  'Jun',
  'Katya',
  'Lwazi',
  'Mei',
  'Noor',
  'Ólafur',
  'Priya',
]
const FAMILY = [
  'Almeida',
  'Brandt',
  'Castellano',
  'Dlamini',
  'Eriksen',
  'Fontaine',
  'Gündüz',
  'Horváth',
  'Ito',
  'Jansen',
  'Kowalski',
  'Lindqvist',
]
const DOMAINS = ['example.com', 'example.net', 'example.org', 'mail.example.com', 'post.example.net']
const CITIES = ['Rotterdam', 'Singapore', 'Santos', 'Gdańsk', '']

export const ALICE = 'alice@example.com'
const BOB = 'bob@example.com'
export const CHARLIE = 'charlie@example.com'
const DORA = 'dora@example.com'
export const ERIN = 'erin@example.com'
export const FRANK = 'frank@example.com'
export const GRACE = 'grace@example.com'

const CAST = [
  [ALICE, 'Alice'],
  [BOB, 'Bob'],
  [CHARLIE, 'Charlie'],
  [DORA, 'Dora'],
  [ERIN, 'Erin'],
  [FRANK, 'Frank'],
  [GRACE, 'Grace'],
] as const

/** A CSV file of `count` people, the same at every call. */
export function writeCast(count: number): string {
  const readers = Array.from({ length: count - CAST.length }, (_, index) => {
    const name = `${pick(GIVEN, index)} ${pick(FAMILY, Math.floor(index / GIVEN.length))}`
    return `reader${index + 1}@${pick(DOMAINS, index)},${name},${pick(CITIES, index)}`
  })
  const cast = CAST.map(([address, name]) => `${address},${name},`)
  return ['address,name,city', ...cast, ...readers, ''].join('\n')
}

function pick(from: readonly string[], index: number): string {
  return from[index % from.length] ?? ''
}

/** What the receiving side does with them: Bob's mailbox is gone, Dora's server greylists. */
export function receive(address: string, timesSeen: number): Refusal | null {
  if (address === BOB) return { code: 550, text: '5.1.1 No such user here' }
  if (address === DORA && timesSeen === 1)
    return { code: 451, text: '4.7.1 Greylisted, try again in a second' }
  return null
}
