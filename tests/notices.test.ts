/** What Notices say: every kind in every language, as it goes to the wire. A golden one is held byte by byte. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { compileNotice } from '../src/compile/notice.js'
import { READER_LANGUAGES } from '../src/issue/reader-language.js'
import { noticeUrl } from '../src/send/notice/message.js'
import { noticeFaults } from './rig/message-faults.js'
import {
  face,
  KINDS,
  keys,
  sender,
  type WrittenNotice,
  writeTestNotice as write,
} from './rig/written-notice.js'

const cases = KINDS.flatMap((kind) => READER_LANGUAGES.map((lang) => [kind, lang] as const))

describe.each(cases)('a %s Notice in %s', (kind, lang) => {
  let written: WrittenNotice

  beforeAll(async () => {
    written = await write(kind, lang)
  })

  test('is a sound message with one link in both parts', () => {
    const { message, mail, problems } = written
    const url = noticeUrl({ id: 7, kind }, { sender, keys })

    expect(problems).toEqual([])
    expect(noticeFaults(message)).toEqual([])
    expect(mail.text).toContain(`\n${url}\n`)
    expect([...(mail.html ?? '').matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([url])
    expect(mail.html).not.toMatch(/<img|https?:\/\/(?!brief\.harbour\.example\.com|www\.w3\.org)/)
    expect(mail.html).toContain(`lang="${lang}"`)
  })

  test('has the header of a message that one act has caused, and nothing of a list', () => {
    const names = written.mail.headers.map(({ key }) => key)
    const header = (name: string) => written.mail.headers.find(({ key }) => key === name)?.value

    expect(header('auto-submitted')).toBe('auto-generated')
    expect(header('from')).toBe('The Harbour Brief <brief@harbour.example.com>')
    expect(header('reply-to')).toBe('editors@harbour.example.com')
    expect(header('to')).toBe('alice@example.org')
    expect(names.filter((name) => /^(list-|precedence|feedback-id)/.test(name))).toEqual([])
    expect(names).toHaveLength(new Set(names).size)
    expect(written.mail.subject).toMatch(/\p{L}/u)
  })
})

test('the confirmation in English is the golden one', async () => {
  const { raw } = await write('confirm', 'en')

  await expect(raw.toString('latin1').replaceAll('\r\n', '\n')).toMatchFileSnapshot(
    path.join(import.meta.dirname, 'golden/notices/confirm.eml'),
  )
})

test('V35: what a stranger can write stays text in its place', async () => {
  const detail = {
    title: 'A\r\nBcc: eve@example.net',
    excerpt: '<img src=x onerror=alert(1)> {{url}} \u202egnp.exe\u0000',
    newAddress: 'x',
    oldAddressMasked: 'x',
  }
  const hostile = await write('comment', 'en', { detail })
  const plain = await write('comment', 'en')

  expect(noticeFaults(hostile.message)).toEqual([])
  expect(hostile.mail.headers.map(({ key }) => key)).toEqual(plain.mail.headers.map(({ key }) => key))
  expect(hostile.mail.html).toContain('&lt;img src=x onerror=alert(1)&gt; {{url}} gnp.exe')
  expect(hostile.mail.html).not.toContain('<img')
  const titled = await write('confirm', 'en', { list: 'A\r\nBcc: eve@example.net' })
  expect(titled.mail.subject).toBe('Please confirm your subscription to A Bcc: eve@example.net')
  expect(titled.mail.bcc).toBeUndefined()
})

test('the same Notice gives the same bytes, and another a Message-ID of its own', async () => {
  const [one, again, other] = [
    await write('confirm', 'de'),
    await write('confirm', 'de'),
    await write('confirm', 'de', { id: 8 }),
  ]

  expect(one.raw.equals(again.raw)).toBe(true)
  expect(one.mail.messageId).not.toBe(other.mail.messageId)
})

describe('the template', () => {
  let own: string
  const compile = () => compileNotice({ root: own, kind: 'confirm', lang: 'en', face })
  const put = (source: string) => {
    mkdirSync(path.join(own, 'templates/notice'), { recursive: true })
    writeFileSync(path.join(own, 'templates/notice/email.mjml'), source)
  }

  beforeEach(() => {
    own = mkdtempSync(path.join(tmpdir(), 'pressrun-notice-'))
  })

  afterEach(() => rmSync(own, { recursive: true }))

  test('is the publication’s own where it has one', async () => {
    put(
      '<mjml><mj-body><mj-section><mj-column><mj-text>Ahoy <a href="{{url}}">{{button}}</a></mj-text></mj-column></mj-section></mj-body></mjml>',
    )

    const { notice, problems } = await compile()

    expect(problems).toEqual([])
    expect(JSON.stringify(notice.html)).toContain('Ahoy')
  })

  test.each([
    ['is not there', null, null],
    ['is empty', '', 'is empty'],
    [
      'asks for what there is not',
      '<mjml><mj-body>{{issue.title}}</mj-body></mjml>',
      'there is no "issue.title" here',
    ],
    ['is no MJML', '<mjml><mj-body><mj-text></mj-body></mjml>', '<mj-text>'],
    ['leads nowhere', '<mjml><mj-body></mj-body></mjml>', 'shows no {{url}}'],
  ])('is ours where theirs %s', async (_what, source, problem) => {
    if (source !== null) put(source)

    const { notice, problems } = await compile()

    const ours = await compileNotice({
      root: path.join(import.meta.dirname, '..'),
      kind: 'confirm',
      lang: 'en',
      face,
    })
    expect(notice).toEqual(ours.notice)
    expect(problems.map(({ message }) => message).join()).toContain(problem ?? '')
    expect(problems.length > 0).toBe(problem !== null)
  })
})
