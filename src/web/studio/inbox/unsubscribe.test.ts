import { expect, test } from 'vitest'
import { readHeader } from './fields.js'
import { explainUnsubscribe } from './unsubscribe.js'

const explain = (header: string) => explainUnsubscribe(readHeader(Buffer.from(`${header}\r\n\r\n`)))

test('an https address with a Post field is one click, and a mailto beside it another way', () => {
  expect(
    explain(
      'List-Unsubscribe: <https://a.example/u/1>,\r\n <mailto:leave@a.example>\r\nlist-unsubscribe-post: List-Unsubscribe=One-Click',
    ),
  ).toEqual([
    'One click: the program posts List-Unsubscribe=One-Click to https://a.example/u/1.',
    'By mail: the program may write to leave@a.example.',
  ])
})

test('without a Post field it is a page', () => {
  expect(explain('List-Unsubscribe: <https://a.example/u/1>')).toEqual([
    'By page: the program opens https://a.example/u/1; without List-Unsubscribe-Post there is no one-click.',
  ])
})

test('one click over http works on this machine alone', () => {
  expect(
    explain(
      'List-Unsubscribe: <http://127.0.0.1:4321/u/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click',
    ),
  ).toEqual([
    'One click over http, which is for tests alone: programs post to https addresses only, not http://127.0.0.1:4321/u/1.',
  ])
})

test('what is missing, doubled or without brackets is said', () => {
  expect(explain('Subject: a')[0]).toContain('There is no List-Unsubscribe')
  expect(explain('List-Unsubscribe: https://a.example/u')).toEqual([
    'List-Unsubscribe holds no address between < and >; programs ignore it.',
  ])
  expect(explain('List-Unsubscribe: <mailto:a@b.example>\r\nList-Unsubscribe: <mailto:c@b.example>')).toEqual(
    [
      'List-Unsubscribe stands here more than once; programs read one of them.',
      'By mail: the program may write to a@b.example.',
    ],
  )
})
