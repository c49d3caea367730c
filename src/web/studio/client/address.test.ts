import { expect, test } from 'vitest'
import { isPlace, readAddress, writeAddress } from './address.js'
import { FIRST, type State } from './state.js'

const read = (address: string) => readAddress(new URL(address, 'http://127.0.0.1:4322'))

test('what is shown stands in the address, and comes back from it', () => {
  const state: State = {
    place: { kind: 'issue', slug: '2026-11-24-a levy/é' },
    view: 'source',
    width: 375,
    mode: { light: 'fully', images: 'off', engine: 'word' },
    readers: [
      { label: 'Nothing known', values: {} },
      { label: 'Right to left', values: { name: 'עדי & "co"' } },
    ],
    holes: true,
    compareWith: 'send:12',
    compareAs: 'over',
    compareFor: 'Zoë',
  }

  expect(read(writeAddress(state))).toEqual(state)
})

test('what is shown at first needs no query', () => {
  expect(writeAddress({ ...FIRST, place: { kind: 'issue', slug: 'a' } })).toBe('/issues/a')
  expect(writeAddress(FIRST)).toBe('/')
  expect(read('/')).toEqual(FIRST)
})

test('a message of an inbox is a place of its own', () => {
  expect(read('/inbox').place).toEqual({ kind: 'inbox', message: null })
  expect(read('/inbox/demo/000012').place).toEqual({ kind: 'inbox', message: 'demo/000012' })
  expect(writeAddress(read('/inbox/demo/000012'))).toBe('/inbox/demo/000012')
})

test.each([
  '/issues/a?view=sideways&width=-3&light=purple&engine=steam&readers=[',
  '/issues/a?readers=[]&width=99999',
  '/issues/a?readers=[{"label":3,"values":{}}]&width=1e2.5',
])('what makes no sense in an address is as at first: %s', (address) => {
  expect(read(address)).toEqual({ ...FIRST, place: { kind: 'issue', slug: 'a' } })
})

test('a value that is no text is nobody’s', () => {
  const { readers } = read('/issues/a?readers=[{"label":"Odd","values":{"name":"Ada","age":3}}]')

  expect(readers).toEqual([{ label: 'Odd', values: { name: 'Ada' } }])
})

test('a slug that cannot be read is taken as it stands', () => {
  expect(read('/issues/100%').place).toEqual({ kind: 'issue', slug: '100%' })
})

test('only places of the studio are gone to without another page', () => {
  expect(['/', '/issues/a', '/inbox', '/inbox/demo/1'].every(isPlace)).toBe(true)
  expect(['/frame/a/mail', '/issues', '/api/issues', '/issues/a/b'].some(isPlace)).toBe(false)
})
