import { expect, test } from 'vitest'
import { InputError } from '../errors.js'
import { parsePublication } from './publication-file.js'
import { USUAL_TRACKING } from './tracking.js'

function read(tracking: string) {
  return parsePublication({ file: 'newsletter.yaml', source: `name: The Brief\n${tracking}` }).tracking
}

function problemsIn(tracking: string): readonly string[] {
  try {
    read(tracking)
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n')
    throw error
  }
  return []
}

test.each([
  ['', USUAL_TRACKING],
  ['tracking:\n', USUAL_TRACKING],
  ['tracking: on\n', USUAL_TRACKING],
  ['tracking: off\n', { ...USUAL_TRACKING, opens: false, clicks: false }],
  ['tracking:\n  opens: off\n', { ...USUAL_TRACKING, opens: false }],
  ['tracking:\n  clicks: off\n  opens:\n', { ...USUAL_TRACKING, clicks: false }],
  ['tracking:\n  do-not-track: honour\n', { ...USUAL_TRACKING, doNotTrack: 'honour' }],
  ['tracking:\n  keep: 30d\n', { ...USUAL_TRACKING, keepDays: 30 }],
  ['tracking:\n  keep: for-ever\n', { ...USUAL_TRACKING, keepDays: null }],
  ['tracking:\n  honeypot: on\n', { ...USUAL_TRACKING, honeypot: true }],
])('%j is read', (source, tracking) => {
  expect(read(source)).toEqual(tracking)
})

test.each([
  ['tracking: maybe\n', 'newsletter.yaml:2: "tracking" wants on, off, or keys below it, such as opens: off'],
  [
    'tracking:\n  - opens\n',
    'newsletter.yaml:2: "tracking" wants on, off, or keys below it, such as opens: off',
  ],
  ['tracking:\n  opens: false\n', 'newsletter.yaml:3: "opens" wants on or off, as in opens: on'],
  [
    'tracking:\n  opens: on\n  do-not-track: yes\n',
    'newsletter.yaml:4: "do-not-track" wants honour or ignore, as in do-not-track: honour',
  ],
  [
    'tracking:\n  keep: 0d\n',
    'newsletter.yaml:3: "keep" wants days from 1d to 9999d, or for-ever, as in keep: 400d',
  ],
  [
    'tracking:\n  keep: 13 months\n',
    'newsletter.yaml:3: "keep" wants days from 1d to 9999d, or for-ever, as in keep: 400d',
  ],
  ['tracking:\n  open: off\n', 'newsletter.yaml:3: "open" is an unknown key; did you mean "opens"?'],
  [
    'tracking:\n  clicks: off\n  honeypot: on\n',
    'newsletter.yaml:4: "honeypot" tells clicks of machines from those of people; it wants clicks: on',
  ],
])('%j is a problem with its line', (source, problem) => {
  expect(problemsIn(source)).toEqual([problem])
})

test('every problem is told at once', () => {
  expect(problemsIn('tracking:\n  opens: 1\n  keep: 1y\n  pixel: off\n')).toHaveLength(3)
})
