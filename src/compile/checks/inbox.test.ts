import { expect, test } from 'vitest'
import { proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import type { CheckInput, PastIssue } from './check.js'
import { INBOX_CHECKS } from './inbox.js'

const quiet = await proofOf()
const past: PastIssue = {
  slug: '2026-02-27-ebb',
  file: 'issues/2026-02-27-ebb.md',
  date: '2026-02-27',
  number: 11,
  subject: 'Low  WATER',
  urls: [],
}

/** With this subject for everyone. */
function withSubject(subject: string): CheckInput {
  const copies = quiet.copies.map((copy) => ({ ...copy, subject }))
  return { ...quiet, issue: { ...quiet.issue, subject: [subject] }, copies, past: [past] }
}

test.each<[string, string, string]>([
  ['is empty', ' ', 'error 2: the subject is empty for a reader of whom nothing is known'],
  ['has a line break', 'High\nwater', 'error 2: the subject has a line break'],
  ['is longer than inboxes show', `${'water '.repeat(10)}w`, 'warn 2: the subject is 61 columns wide'],
  ['is too wide in Chinese', '水'.repeat(31), 'warn 2: the subject is 62 columns wide'],
  ['is in capitals', 'THE LOCKS CLOSE', 'warn 2: the subject is in capitals'],
  ['is in capitals after the name', 'The Tide 7: THE LOCKS CLOSE', 'warn 2: the subject is in capitals'],
  ['cries', 'Closed!!', 'warn 2: the subject has several marks in a row'],
  ['has two emoji', 'High 🌊 water 🎉', 'warn 2: the subject has more than one emoji'],
  ['plays an answer', 'Re: your berth', 'warn 2: the subject begins with "Re:"'],
  ['was used before', 'low water', 'warn 2: the subject is also that of issues/2026-02-27-ebb.md'],
])('I01: a subject that %s is told', (_what, subject, said) => {
  expect(runCheck(INBOX_CHECKS, 'I01', withSubject(subject))).toEqual([expect.stringContaining(said)])
})

test.each([
  'water '.repeat(10).trim(),
  '水'.repeat(30),
  'UNCTAD',
  'NATO: the locks close',
  'Closed! Why?',
  'Really?!',
  '👩‍👩‍👧 High water',
  '© 2026 ™ water',
  'Regarding: your berth',
  'Low water again',
])('I01: the subject "%s" is well', (subject) => {
  expect(runCheck(INBOX_CHECKS, 'I01', withSubject(subject))).toEqual([])
})

test('I01: a subject of a hole alone is empty for someone, unless it has a fallback', async () => {
  const without = await proofOf({ front: 'subject: "{{subscriber.name}}"' })
  const given = await proofOf({ front: `subject: '{{subscriber.name "reader"}}'` })

  expect(runCheck(INBOX_CHECKS, 'I01', without)).toEqual([
    expect.stringContaining('error 4: the subject is empty for a reader of whom nothing is known'),
  ])
  expect(runCheck(INBOX_CHECKS, 'I01', given)).toEqual([])
})

const WELL = 'The locks were closed at noon, and nobody was told'

test.each<[string, string, string]>([
  ['is short', 'preheader: The locks were closed', 'warn 4: the preheader is 21 columns wide'],
  ['is long', `preheader: ${'water '.repeat(24)}`, 'warn 4: the preheader is 143 columns wide'],
  ['repeats the subject', 'preheader: high water', 'warn 4: the preheader says the same as the subject'],
  ['is not there', '', 'warn -: there is no preheader, so that inboxes show the headings: "Locks"'],
])('I02: a preheader that %s is told', async (_what, front, said) => {
  expect(runCheck(INBOX_CHECKS, 'I02', await proofOf({ front }))).toEqual([expect.stringContaining(said)])
})

test('I02: one of 40 to 140 columns is well, and headings that say as much do', async () => {
  const headings = '\n## The locks were closed at noon\n\nYes.\n\n## Nobody was told\n\nNo.\n'

  expect(runCheck(INBOX_CHECKS, 'I02', await proofOf({ front: `preheader: ${WELL}` }))).toEqual([])
  expect(runCheck(INBOX_CHECKS, 'I02', await proofOf({ body: headings }))).toEqual([
    expect.stringContaining('info -: there is no preheader'),
  ])
})

test('I02: a template that puts too little filler after the preheader is told', async () => {
  const input = await proofOf({ front: `preheader: ${WELL}` })
  const filled = (count: number) =>
    withHtml(input, `<div>${WELL}${'&#847;&#8199;'.repeat(count / 2)}</div>Locks`)

  expect(runCheck(INBOX_CHECKS, 'I02', filled(80))).toEqual([
    expect.stringContaining('warn -: after the preheader come 80 characters of filler'),
  ])
  expect(runCheck(INBOX_CHECKS, 'I02', filled(100))).toEqual([])
  const titled = withHtml(input, `<title>${WELL}</title>${filled(100).worst.html}`)
  expect(runCheck(INBOX_CHECKS, 'I02', titled)).toEqual([])
})

/** With a field of the message's header as it is given, or without it. */
function withField(name: string, field: string | null, input = quiet): CheckInput {
  const message = Buffer.from(input.wire).toString('latin1')
  const pattern = new RegExp(`^${name}:.*\\r\\n(?:[ \\t].*\\r\\n)*`, 'im')
  expect(message).toMatch(pattern)
  return {
    ...input,
    wire: Buffer.from(message.replace(pattern, field === null ? '' : `${field}\r\n`), 'latin1'),
  }
}

test.each<[string, string, string | null, string]>([
  ['no From', 'From', null, 'not exactly one sender'],
  ['two senders', 'From', 'From: a@example.org, b@example.org', 'not exactly one sender'],
  ['a From at this machine', 'From', 'From: <tide@press.local>', 'From is at press.local'],
  ['a From without a domain', 'From', 'From: tide@press', 'From is at press'],
  ['a broken Reply-To', 'MIME-Version', 'Reply-To: nobody', 'Reply-To is not one address'],
  ['no Message-ID', 'Message-ID', null, 'not exactly one Message-ID'],
  [
    'the Message-ID of others',
    'Message-ID',
    'Message-ID: <a@example.net>',
    'the Message-ID is of example.net',
  ],
  ['no Date', 'Date', null, 'not exactly one Date'],
  ['a Date of no form', 'Date', 'Date: 13.3.2026', 'not exactly one Date'],
])('I03: %s is an error', (_what, name, field, said) => {
  const found = runCheck(INBOX_CHECKS, 'I03', withField(name, field))

  expect(found.join('\n')).toContain(said)
})

test('I03: what Pressrun writes is sound, a subdomain in the Message-ID too', () => {
  expect(runCheck(INBOX_CHECKS, 'I03', quiet)).toEqual([])
  expect(runCheck(INBOX_CHECKS, 'I03', withField('Message-ID', 'Message-ID: <a@mx.example.org>'))).toEqual([])
})

test('I03: a From at this machine is nobody’s business before a real transport is set', () => {
  const local = { ...withField('From', 'From: <tide@press.localhost>'), isLive: false }

  expect(runCheck(INBOX_CHECKS, 'I03', local).join()).not.toContain('From is at')
})

const LEAVE = 'List-Unsubscribe'
test.each<[string, string | null, string]>([
  ['none', null, 'not exactly one List-Unsubscribe'],
  ['a bare URL', `${LEAVE}: https://tide.example.org/u/a`, 'cannot be read'],
  ['a fold within the URL', `${LEAVE}: <https://tide.example.org/\r\n u/a>`, 'cannot be read'],
  ['two web addresses', `${LEAVE}: <https://a.example/u>, <https://b.example/u>`, 'List-Unsubscribe holds'],
  ['a mailto alone', `${LEAVE}: <mailto:leave@example.org>`, 'List-Unsubscribe holds'],
  ['http', `${LEAVE}: <http://tide.example.org/u/a>`, 'not encrypted'],
])('I04: a List-Unsubscribe with %s is an error', (_what, field, said) => {
  expect(runCheck(INBOX_CHECKS, 'I04', withField(LEAVE, field)).join('\n')).toContain(said)
})

test('I04: one https address is well, with a mailto and a fold between them too', () => {
  const both = withField(LEAVE, `${LEAVE}: <https://tide.example.org/u/a>,\r\n <mailto:leave@example.org>`)

  expect(runCheck(INBOX_CHECKS, 'I04', quiet)).toEqual([])
  expect(runCheck(INBOX_CHECKS, 'I04', both)).toEqual([])
})

test('I04: http is well where nothing leaves the machine', async () => {
  const field = `${LEAVE}: <http://127.0.0.1:4321/u/a>`

  expect(runCheck(INBOX_CHECKS, 'I04', withField(LEAVE, field, { ...quiet, isLive: false }))).toEqual([])
})

test('I04: without the field for one click it is an error', () => {
  expect(runCheck(INBOX_CHECKS, 'I04', withField('List-Unsubscribe-Post', null))).toEqual([
    expect.stringContaining('error -: the message lacks List-Unsubscribe-Post'),
  ])
})

const leave = (attributes: string, words: string) =>
  `<h1>High water</h1><a href="https://tide.example.org/u/AAAA"${attributes}>${words}</a>`

test.each<[string, string]>([
  ['is missing', '<h1>High water</h1>'],
  ['has no words', leave('', ' ')],
  ['is hidden', leave(' style="color: red; display: none"', 'Unsubscribe')],
  ['stands in something hidden', `<div style="max-height:0">${leave('', 'Unsubscribe')}</div>`],
  ['has no size', `<div style="font-size:0px">${leave('', 'Unsubscribe')}</div>`],
  ['is cut off by Gmail', `<!--${'x'.repeat(101_000)}-->${leave('', 'Unsubscribe')}`],
])('I05: an unsubscribe link that %s is an error', (_what, html) => {
  expect(runCheck(INBOX_CHECKS, 'I05', withHtml(quiet, html))).toEqual([
    expect.stringContaining('error -: the HTML has no visible unsubscribe link'),
  ])
})

test('I05: one that is seen before the cut is well, also where a layout has taken the size away', () => {
  const laidOut = `<td style="font-size:0px"><div style="font-size:13px">${leave('', 'Unsubscribe')}</div></td>`

  expect(runCheck(INBOX_CHECKS, 'I05', quiet)).toEqual([])
  expect(runCheck(INBOX_CHECKS, 'I05', withHtml(quiet, `${'x'.repeat(99_000)}${laidOut}`))).toEqual([])
})

test('I05: a text part without the address is an error', () => {
  const worst = { ...quiet.worst, text: 'Closed.' }

  expect(runCheck(INBOX_CHECKS, 'I05', { ...quiet, worst })).toEqual([
    expect.stringContaining('the text part has no unsubscribe URL'),
  ])
})

test('I06: a postal address that is not given, or not shown, is told', () => {
  const none = { ...quiet, publication: { ...quiet.publication, postalAddress: [] } }

  expect(runCheck(INBOX_CHECKS, 'I06', quiet)).toEqual([])
  expect(runCheck(INBOX_CHECKS, 'I06', none)).toEqual([
    expect.stringContaining('warn -: there is no postal address'),
  ])
  expect(runCheck(INBOX_CHECKS, 'I06', withHtml(quiet, '<p>4 Signal House</p>'))).toEqual([
    expect.stringContaining('"Norhaven NH2 7XY" is missing'),
  ])
})
