import { expect, test } from 'vitest'
import { SAMPLE_KEYS } from '../../../link/sample-keys.js'
import { signToken } from '../../../link/token.js'
import { readLinks } from './mail-links.js'
import { readOurUrl } from './our-url.js'

const TOKEN = 'Bc-_5'.padEnd(22, 'A')

test('addresses of ours are told by their shape, whatever host they lie on', () => {
  const at = (path: string) => readOurUrl(`http://127.0.0.1:4321/letters${path}`)

  expect(at(`/c/${TOKEN}/12`)).toEqual({ kind: 'click', index: 12 })
  expect(at(`/c/${TOKEN}/x`)).toEqual({ kind: 'trap' })
  expect(at(`/u/${TOKEN}`)).toEqual({ kind: 'leave' })
  expect(at(`/n/${TOKEN}`)).toEqual({ kind: 'notice' })
  expect(at(`/p/${TOKEN}`)).toEqual({ kind: 'preferences' })
  expect(at(`/issues/a/comment/${TOKEN}`)).toEqual({ kind: 'comment' })
  expect(at('/issues/a/test')).toEqual({ kind: 'testPage' })
  expect(at(`/o/${TOKEN}.gif`)).toEqual({ kind: 'pixel' })
  expect(at(`/i/${'0'.repeat(64)}.png`)).toMatchObject({ kind: 'image', file: `${'0'.repeat(64)}.png` })
  expect([`/c/${TOKEN}/07`, `/c/${TOKEN}`, '/c/short/1', '/issues/x', ''].map(at)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ])
  expect(readOurUrl(`javascript:/c/${TOKEN}/1`)).toBeNull()
})

test('a click leads where the Send has it, and only that number does', () => {
  const html = `<a href=" https://a.example/c/${TOKEN}/0 "><img alt="The quay"></a><a href="https://a.example/c/${TOKEN}/9">Old</a>`
  const links = [
    { index: 0, url: 'https://quay.example/', section: null, words: '' },
  ] as unknown as Parameters<typeof readLinks>[0]['links']

  expect(readLinks({ html, text: null, links })).toMatchObject([
    { words: 'The quay', kind: 'click', leadsTo: 'https://quay.example/' },
    { words: 'Old', kind: 'click', leadsTo: null },
  ])
})

test('what no mail program opens is no address, and a place within the mail no link', () => {
  const html =
    '<a href="javascript:alert(1)">a</a><a href="#top">b</a><a href="/c">c</a><a href="mailto:a@b.example">d</a><a href="data:text/html,x">e</a>'

  expect(readLinks({ html, text: null, links: null }).map(({ words, kind }) => `${words} ${kind}`)).toEqual([
    'a odd',
    'c odd',
    'd address',
    'e odd',
  ])
})

test('a mail of text alone has the addresses that stand in it, each once', () => {
  const text = 'See https://a.example/b (and https://a.example/c?d=1, too). https://a.example/b'

  expect(readLinks({ html: null, text, links: null }).map(({ url }) => url)).toEqual([
    'https://a.example/b',
    'https://a.example/c?d=1',
  ])
})

test('the way out of a test says that it unsubscribes nobody', () => {
  const text = `https://a.example/u/${signToken(SAMPLE_KEYS, 'leave', 7)} https://a.example/u/${TOKEN}`

  expect(readLinks({ html: null, text, links: null }).map(({ what }) => what)).toEqual([
    'Opens a page that says that this is a test; nobody is unsubscribed by it.',
    'Opens a page with one button that unsubscribes; opening it changes nothing.',
  ])
})
