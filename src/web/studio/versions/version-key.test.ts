import { expect, test } from 'vitest'
import { readVersionKey } from './version-key.js'

test.each([
  ['send:12', { kind: 'send', id: 12 }],
  ['git:main', { kind: 'git', name: 'main' }],
  ['git:feature/long names', { kind: 'git', name: 'feature/long names' }],
  ['hash:3f9a21', { kind: 'hash', prefix: '3f9a21' }],
])('%s names a version', (text, key) => {
  expect(readVersionKey(text)).toEqual(key)
})

test.each(['', 'send:', 'send:0', 'send:1.5', 'hash:3f9', 'hash:%', 'hash:3F9A21', 'other:1', '12'])(
  '"%s" names none, and the sentence says what would',
  (text) => {
    expect(() => readVersionKey(text)).toThrow('names no version; write send:12, git:main or hash:')
  },
)
