import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Person, SAYS_ACTIVE, type Said } from './person.js'
import { changeOf, IMPORT_MODES, type Known, standingOf } from './standing.js'

const person = (given: Partial<Person> = {}, said: Partial<Said> = {}): Person => ({
  line: 2,
  address: 'alice@x.test',
  addressKey: 'alice@x.test',
  addressHash: 'ab',
  name: '',
  attributes: {},
  tags: [],
  ...given,
  said: { ...SAYS_ACTIVE, ...said },
})

const known = (given: Partial<Known> = {}): Known => ({
  subscriberId: 1,
  name: 'Alice',
  attributes: '{"city":"Köln"}',
  tags: ['vip'],
  status: 'active',
  leftBy: null,
  isSuppressed: false,
  ...given,
})

test('whatever a file says, nobody who has left by themselves or is suppressed is put on a List', () => {
  const saids = fc.record({
    status: fc.constantFrom('active' as const, 'pending' as const, 'unsubscribed' as const),
    leftBy: fc.constantFrom('person' as const, 'editor' as const),
    suppressed: fc.constantFrom(null, 'asked'),
  })
  const knowns = fc.record({
    status: fc.constantFrom(null, 'active' as const, 'pending' as const, 'unsubscribed' as const),
    leftBy: fc.constantFrom(null, 'person' as const, 'editor' as const),
    isSuppressed: fc.boolean(),
  })
  fc.assert(
    fc.property(saids, knowns, fc.constantFrom(...IMPORT_MODES), (said, given, mode) => {
      const standing = standingOf(person({ name: 'Alicia' }, said), known(given), mode)
      const isKept = given.isSuppressed || (given.status === 'unsubscribed' && given.leftBy !== 'editor')
      const saysAway = said.suppressed !== null || said.status === 'unsubscribed'
      if (isKept || saysAway) expect(['added', 'restored', 'updated', 'camePending']).not.toContain(standing)
    }),
  )
})

describe('a change', () => {
  test('is each value as it was and as it will be', () => {
    const given = person({
      name: 'Alicia',
      attributes: { city: 'Bonn', plan: 'free' },
      tags: ['press', 'vip'],
    })

    expect(changeOf(given, known(), 'update')).toEqual({
      name: ['Alice', 'Alicia'],
      attributes: { city: ['Köln', 'Bonn'], plan: [null, 'free'] },
      tags: ['press'],
    })
    expect(changeOf(given, known(), 'add')).toEqual({
      name: null,
      attributes: { plan: [null, 'free'] },
      tags: ['press'],
    })
  })

  test('of nothing is none', () => {
    expect(
      changeOf(person({ name: 'Alice', attributes: { city: 'Köln' }, tags: ['vip'] }), known(), 'update'),
    ).toBeNull()
    expect(changeOf(person(), known(), 'update')).toBeNull()
  })

  test('of an attribute that is called as what objects have is one', () => {
    const given = person({ attributes: { constructor: 'x' } })

    expect(changeOf(given, known(), 'update')?.attributes).toEqual({ constructor: [null, 'x'] })
  })
})
