import { expect, test } from 'vitest'
import { latest, readSupport } from './support.js'

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['days', { '2021-10': 'n', '2019-02': 'y' }, 'n'],
  ['years', { '2019': 'a #1', '2007': 'n' }, 'a #1'],
  // JavaScript puts `16` before `15.4`, whatever the file says.
  ['numbers with and without a point', { '16': 'y', '15.4': 'n' }, 'y'],
  ['numbers of two digits', { '9.1': 'n', '10.0': 'y' }, 'y'],
  ['a number after a day', { '2021-10': 'n', '16.80': 'y' }, 'y'],
  ['a beta', { '78.10': 'n', '137.0b3': 'y' }, 'y'],
  ['none', {}, ''],
])('the newest of %s is found', (_what, versions, verdict) => {
  expect(latest(versions)).toBe(verdict)
})

test('shares are of a hundred readers, without and in part kept apart', () => {
  for (const { without, inPart } of readSupport().values()) {
    expect(without + inPart).toBeLessThanOrEqual(100)
    expect(Math.min(without, inPart)).toBeGreaterThanOrEqual(0)
  }
})

test('what was never tested counts for nothing', () => {
  // `hyphens` was never tried in Gmail on the web of phones.
  expect(readSupport().get('css-hyphens')?.clientsWithout).toMatch(
    /^Gmail \(Desktop Webmail, Android, iOS\), Outlook/,
  )
})

test('a family that lacks it altogether goes by its name, others name what lacks it', () => {
  const { clientsWithout } = readSupport().get('css-border-radius') ?? {}

  expect(clientsWithout).toBe('Outlook (Windows)')
  expect(readSupport().get('css-variables')?.clientsWithout).toMatch(/^Gmail, Outlook.*, Yahoo! Mail/)
})
