import { expect, test } from 'vitest'
import { describeComplaints, printComingBack, printFeedback } from './bounces.js'

const NOTHING = { verdicts: [], sends: [], newest: [], unknown: [], ofNobody: [] }

test('where something is set that takes in what comes back, nothing has come back yet', () => {
  expect(printComingBack(NOTHING, { isAwaited: true })).toBe('nothing has come back yet\n')
  expect(printComingBack(NOTHING, { isAwaited: false })).toMatch(/^nothing has come back: set RETURN_PATH/)
})

test('complaints that are too few for a rate are told with what they are of', () => {
  expect(describeComplaints({ complaints: 2, sent: 303, rate: null, level: 'fine' })).toBe(
    '2 complaints of 303 sent: too few to speak of a rate',
  )
})

test('what is of nobody is listed by its number', () => {
  const one = {
    id: 7,
    at: '2026-03-01T08:00:00.000Z',
    source: 'smtp',
    verdict: 'unverified',
    send: null,
    address: '',
    said: 'x',
    from: null,
    client: null,
  } as const
  const verdicts = [{ verdict: 'unverified', lastDay: 1, last30Days: 1, all: 1 }] as const

  expect(printComingBack({ ...NOTHING, verdicts, ofNobody: [one] }, { isAwaited: true })).toMatch(
    /\nof nobody\n7 /,
  )
})

test('letters about one address are one line, which says how many they are', () => {
  const letter = {
    id: 80,
    at: '2026-03-01T08:00:00.000Z',
    source: 'smtp',
    verdict: 'unknown',
    send: 1,
    address: 'bob@example.com',
    said: '',
    from: null,
    client: null,
    count: 1_280,
  } as const
  const verdicts = [{ verdict: 'unknown', lastDay: 1, last30Days: 1, all: 1 }] as const

  expect(printComingBack({ ...NOTHING, verdicts, unknown: [letter] }, { isAwaited: true })).toMatch(
    /\n80 .* bob@example\.com .*the newest of 1,280\n$/,
  )
})

test('of a letter the envelope is shown, and nothing in it steers the terminal', () => {
  const letter = {
    id: 8,
    at: '2026-03-01T08:00:00.000Z',
    source: 'smtp',
    verdict: 'unknown',
    send: null,
    address: '',
    said: '',
    from: 'carol\u001b[2J@example.net',
    client: '192.0.2.7',
  } as const
  const verdicts = [{ verdict: 'unknown', lastDay: 1, last30Days: 1, all: 1 }] as const
  const envelope = 'from <carol[2J@example.net>, by 192.0.2.7'

  expect(
    printComingBack({ ...NOTHING, verdicts, unknown: [{ ...letter, count: 1 }] }, { isAwaited: true }),
  ).toContain(envelope)
  expect(printFeedback({ ...letter, from: '', text: 'hello' })).toMatch(
    /\n {2}envelope +from <>, by 192\.0\.2\.7\n\nhello\n$/,
  )
})
