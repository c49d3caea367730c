import { expect, test } from 'vitest'
import { readScheduledTime, writeScheduledTime } from './scheduled-time.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')

function read(text: string, saidZone: string | null = 'Europe/Berlin') {
  const { at, zone } = readScheduledTime(text, { saidZone, defaultZone: 'America/New_York', now: NOW })
  return `${new Date(at).toISOString()} ${zone}`
}

test.each([
  ['2026-12-01 09:00', '2026-12-01T08:00:00.000Z Europe/Berlin'],
  ['2026-07-01 9:00', '2026-07-01T07:00:00.000Z Europe/Berlin'],
  ['2026-12-01T09:00:30', '2026-12-01T08:00:30.000Z Europe/Berlin'],
  ['2028-02-29 00:00', '2028-02-28T23:00:00.000Z Europe/Berlin'],
  ['  2026-12-01   09:00+01:00 ', '2026-12-01T08:00:00.000Z Europe/Berlin'],
])('%s in Europe/Berlin is %s', (text, instant) => {
  expect(read(text)).toBe(instant)
})

test('without --zone it is the default one, or the offset in the text', () => {
  expect(read('2026-12-01 09:00', null)).toBe('2026-12-01T14:00:00.000Z America/New_York')
  expect(read('2026-12-01T09:00+05:30', null)).toBe('2026-12-01T03:30:00.000Z +05:30')
  expect(read('2026-12-01T09:00z', null)).toBe('2026-12-01T09:00:00.000Z UTC')
})

test('the nights of the clocks: what does not exist or comes twice is refused, with what would be right', () => {
  expect(() => read('2026-03-29 02:30')).toThrow(
    '--at: 2026-03-29 02:30 does not exist in Europe/Berlin, where the clocks go forward; write 2026-03-29 01:30 or 2026-03-29 03:30',
  )
  expect(() => read('2026-10-25 02:30')).toThrow(
    '--at: 2026-10-25 02:30 comes twice in Europe/Berlin, where the clocks go back; write 2026-10-25T02:30+02:00 for the first or 2026-10-25T02:30+01:00 for the second',
  )
  expect(read('2026-10-25T02:30+02:00')).toBe('2026-10-25T00:30:00.000Z Europe/Berlin')
  expect(read('2026-10-25T02:30+01:00')).toBe('2026-10-25T01:30:00.000Z Europe/Berlin')
  expect(read('2026-03-29 01:59')).toBe('2026-03-29T00:59:00.000Z Europe/Berlin')
  expect(read('2026-03-29 03:00')).toBe('2026-03-29T01:00:00.000Z Europe/Berlin')
  // Half an hour on Lord Howe Island.
  expect(() => read('2026-10-04 02:15', 'Australia/Lord_Howe')).toThrow(
    /write 2026-10-04 01:45 or 2026-10-04 02:45/,
  )
})

test.each([
  [
    'tomorrow',
    /^--at: "tomorrow" is no day with a time; write one like "2026-12-01 09:00" \(in Europe\/Berlin\)/,
  ],
  ['2026-12-01', /no day with a time/],
  ['01.12.2026 09:00', /no day with a time/],
  ['2026-12-01 09:00:60', /no day with a time/],
  ['2026-02-30 09:00', /"2026-02-30 09:00" is on no calendar or clock/],
  ['2026-12-01 24:00', /on no calendar or clock/],
  ['2026-12-01T09:00+02:00', /2026-12-01 09:00 is \+01:00 in Europe\/Berlin, not \+02:00/],
  ['2026-12-01T09:00+99:00', /no offset from UTC/],
  ['2026-03-01 12:59', /^--at: 2026-03-01 12:59 in Europe\/Berlin is past \(it is 2026-03-01 13:00 there\)/],
])('%s is refused', (text, sentence) => {
  expect(() => read(text)).toThrow(sentence)
})

test.each([
  ['Europe/Berln', '--zone: "Europe/Berln" is no time zone; the nearest is Europe/Berlin'],
  ['+01:00', '--zone: "+01:00" is no time zone'],
  ['', '--zone: "" is no time zone'],
])('the zone "%s" is refused', (zone, sentence) => {
  expect(() => read('2026-12-01 09:00', zone)).toThrow(sentence)
})

test.each([
  ['2026-12-01T08:00:00Z', 'Europe/Berlin', '2026-12-01 09:00 Europe/Berlin (08:00 UTC)'],
  ['2026-12-01T23:30:00Z', 'Asia/Kolkata', '2026-12-02 05:00 Asia/Kolkata (2026-12-01 23:30 UTC)'],
  ['2026-12-01T08:00:10Z', 'UTC', '2026-12-01 08:00:10 UTC'],
  ['2026-12-01T08:00:00Z', '+01:00', '2026-12-01 09:00 +01:00 (08:00 UTC)'],
])('%s in %s reads %s', (iso, zone, text) => {
  expect(writeScheduledTime({ at: Date.parse(iso), zone })).toBe(text)
})

test('two years ahead it may be, not more: that is a slip in the year', () => {
  expect(read('2028-03-01 13:00')).toBe('2028-03-01T12:00:00.000Z Europe/Berlin')
  expect(() => read('2028-03-01 13:01')).toThrow(
    '--at: 2028-03-01 13:01 is more than two years ahead; write the year again, or a time before 2028-03-01 13:00',
  )
})
