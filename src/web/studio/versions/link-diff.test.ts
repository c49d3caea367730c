import { expect, test } from 'vitest'
import { diffLinks } from './link-diff.js'

const link = (text: string, url: string) => ({ text, url })

test('links that are in both are not told, wherever they stand', () => {
  const [a, b] = [link('A', 'https://a.example'), link('B', 'https://b.example')]

  expect(diffLinks([a, b], [b, a])).toEqual([])
})

test('the same words with another address are one link that was changed', () => {
  expect(diffLinks([link('Read', 'https://old.example')], [link('Read', 'https://new.example')])).toEqual([
    { kind: 'changed', words: 'Read', url: 'https://new.example', was: 'https://old.example' },
  ])
})

test('what came and what went is told, a second of the same as well', () => {
  const same = link('Same', 'https://same.example')

  expect(diffLinks([same, link('Gone', 'https://gone.example')], [same, same])).toEqual([
    { kind: 'added', words: 'Same', url: 'https://same.example', was: null },
    { kind: 'removed', words: 'Gone', url: 'https://gone.example', was: null },
  ])
})
