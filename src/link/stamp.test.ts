import { expect, test } from 'vitest'
import { MAX_STAMP_MS, makeStamp, readStamp } from './stamp.js'
import { makeKeys } from './token.js'

const old = 'the first secret that is more than 32 characters'
const keys = makeKeys(['the second secret that is more than 32 characters', old])
const NOW = 1_764_000_000_000

test('a stamp tells how old it is, by every key of the ring', () => {
  const fixed = [3, 'page', '']

  expect(readStamp(keys, makeStamp(keys, fixed, NOW), { fixed, now: NOW + 2_000 })).toBe(2_000)
  expect(readStamp(keys, makeStamp(makeKeys([old]), fixed, NOW), { fixed, now: NOW })).toBe(0)
})

test.each<[string, string, readonly (string | number)[], number]>([
  ['for another list', makeStamp(keys, [3, 'page'], NOW), [4, 'page'], NOW],
  ['with another value', makeStamp(keys, [3, 'page'], NOW), [3, 'form'], NOW],
  ['by another key', makeStamp(makeKeys(['somebody else who knows 32 characters']), [3], NOW), [3], NOW],
  ['that is too old', makeStamp(keys, [3], NOW), [3], NOW + MAX_STAMP_MS + 1],
  ['from the future', makeStamp(keys, [3], NOW), [3], NOW - 1],
  ['with a time that was changed', makeStamp(keys, [3], NOW).replace(/^./, 'z'), [3], NOW],
  ['that is cut', makeStamp(keys, [3], NOW).slice(0, -1), [3], NOW],
  ['that is empty', '', [3], NOW],
])('a stamp %s is none', (_what, stamp, fixed, now) => {
  expect(readStamp(keys, stamp, { fixed, now })).toBeNull()
})
