import { expect, test } from 'vitest'
import { type Choosable, chooseRelay, takesLane } from './relay-choice.js'

interface Named extends Choosable {
  readonly name: string
}

function relay(name: string, terms: Partial<Choosable> = {}): Named {
  return { name, weight: 1, takes: [], isBackup: false, credit: 0, ...terms }
}

const route = (lane: string, domain = `${lane}.example`) => ({ lane, domain })

function choices(open: readonly Named[], times: number, to = route('other')): string {
  return Array.from({ length: times }, () => chooseRelay(open, to)?.name ?? '-').join('')
}

test('messages are shared by weight, evenly mixed, and always in the same order', () => {
  const open = () => [relay('a', { weight: 5 }), relay('b'), relay('c')]

  expect(choices(open(), 14)).toBe('aabacaaaabacaa')
  expect(choices(open(), 14)).toBe(choices(open(), 14))
})

test('a lane or a domain that has a relay of its own goes there, everything else to those that have none', () => {
  const open = [relay('g', { takes: ['gmail'] }), relay('d', { takes: ['example.org'] }), relay('r')]

  expect(choices(open, 3, route('gmail'))).toBe('ggg')
  expect(choices(open, 3, route('other', 'example.org'))).toBe('ddd')
  expect(choices(open, 3, route('yahoo'))).toBe('rrr')
})

test('when the relay of a lane is not open, the others take it; it never takes what it is not for', () => {
  expect(choices([relay('r')], 1, route('gmail'))).toBe('r')
  expect(choices([relay('g', { takes: ['gmail'] })], 1, route('yahoo'))).toBe('-')
})

test('a relay kept back is used only when no other is open', () => {
  const backup = relay('b', { isBackup: true })

  expect(choices([relay('a'), backup], 4)).toBe('aaaa')
  expect(choices([backup], 2)).toBe('bb')
  expect(choices([relay('g', { takes: ['gmail'] }), backup], 2, route('yahoo'))).toBe('bb')
})

test('a lane is taken by a relay that is for it, or for nothing in particular', () => {
  expect(takesLane({ takes: [] }, 'gmail')).toBe(true)
  expect(takesLane({ takes: ['gmail'] }, 'gmail')).toBe(true)
  expect(takesLane({ takes: ['example.org'] }, 'other')).toBe(false)
})
