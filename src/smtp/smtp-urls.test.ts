import { expect, test } from 'vitest'
import { InputError } from '../errors.js'
import { readReplyTimeout, readSmtpUrls } from './smtp-urls.js'

test('reads one relay a word, on one line or on several', () => {
  const relays = readSmtpUrls(`
    smtps://desk:secret@one.example.org?weight=3&perSecond=50
    smtp://two.example.org?for=Gmail,Bücher.example&perDay=20000&warmup=2026-12-01 smtp://three.example.org?backup=true
  `)

  expect(relays).toMatchObject([
    { name: 'smtps://one.example.org:465', weight: 3, takes: [], isBackup: false, perSecond: 50 },
    {
      name: 'smtp://two.example.org:587',
      weight: 1,
      takes: ['gmail', 'xn--bcher-kva.example'],
      perSecond: null,
      perDay: 20_000,
      warmup: '2026-12-01',
    },
    { name: 'smtp://three.example.org:587', isBackup: true },
  ])
})

test('two accounts of one host are told apart by a label', () => {
  const url = 'smtp://relay.example.org'

  expect(readSmtpUrls(`${url}?label=bulk ${url}`).map(({ name }) => name)).toEqual([
    'smtp://relay.example.org:587#bulk',
    'smtp://relay.example.org:587',
  ])
  expect(() => readSmtpUrls(`${url} ${url}`)).toThrow(
    'SMTP_URL: names smtp://relay.example.org:587 twice; give each a label of its own, like label=second',
  )
})

test('what is wrong is said of each relay by its place and host, all at once, and never with a password', () => {
  const text =
    'smtp://desk:geheim@one.example.org?weight=0 smtp://two.example.org?for=a_b&warmup=soon smtp://desk:geheim@?x=1'

  const problem = thrownBy(() => readSmtpUrls(text))

  expect(problem).toBeInstanceOf(InputError)
  expect(String(problem).split('\n')).toEqual([
    'InputError: SMTP_URL: relay 1 (one.example.org): option weight: is less than 1',
    'SMTP_URL: relay 2 (two.example.org): option for: is not a list of lanes and domains; write one like for=gmail,example.org',
    'SMTP_URL: relay 2 (two.example.org): option warmup: is not a day; write one like 2026-12-01',
    'SMTP_URL: relay 3: is not a URL (Invalid URL)',
  ])
})

test.each([
  ['perSecond=0', 'option perSecond: is not more than 0'],
  ['perDay=some', 'option perDay: '],
  ['perDay=1.5', 'option perDay: '],
  ['warmup=2026-02-30', 'option warmup: is not a day'],
  ['backup=yes', 'option backup: is neither true nor false'],
  ['weight=5000', 'option weight: is more than 1000'],
  ['label=a%20b', 'option label: '],
  ['for=', 'option for: is not a list'],
  ['perSecond=0.0001', 'option perSecond: is less than 0.001'],
])('refuses %s with a sentence', (query, sentence) => {
  expect(() => readSmtpUrls(`smtp://relay.example.org?${query}`)).toThrow(sentence)
})

test.each(['sendmail:/%zz', 'ses://%zz:secret@eu-central-1', 'ses://key:%zz@eu-central-1'])(
  'a %% that begins no sign is named as what it is: %s',
  (url) => {
    expect(() => readSmtpUrls(url)).toThrow(/SMTP_URL: has a % in its (path|key|secret) that begins no sign/)
  },
)

test('one of them has to take what none is for', () => {
  expect(() => readSmtpUrls('smtp://one.example.org?for=gmail smtp://two.example.org?for=yahoo')).toThrow(
    'SMTP_URL: says of every relay what it is for; leave for= out of one, which then takes the rest',
  )
  expect(() => readSmtpUrls('  \n ')).toThrow('SMTP_URL: is empty')
})

test('a reply is waited for as long as the most patient of them does', () => {
  expect(readReplyTimeout('smtp://a.example?socketTimeout=1000 smtp://b.example?socketTimeout=2000')).toBe(
    2_000,
  )
  expect(readReplyTimeout(null)).toBe(600_000)
})

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return null
}
