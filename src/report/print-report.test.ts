import { expect, test } from 'vitest'
import { makeReport, makeUnread } from '../../tests/rig/made-report.js'
import { printReport } from './print-report.js'

const issue = {
  slug: '2026-03-01-cranes',
  title: 'Cranes stand still',
  links: [
    { index: 0, url: 'https://example.org/a', section: '', heading: '', text: 'a' },
    { index: 1, url: 'https://example.org/b', section: 'cranes', heading: 'Cranes', text: 'b' },
  ],
}

/** The lines of a chapter, without its heading. */
function chapter(printed: string, heading: string): readonly string[] {
  const lines = printed.split('\n')
  const from = lines.indexOf(heading)
  if (from === -1) return []
  const end = lines.indexOf('', from)
  return lines.slice(from + 1, end === -1 ? undefined : end)
}

test('the identity stands before everything else, and adds up', () => {
  const lines = printReport(makeReport(issue)).split('\n')

  expect(lines.slice(0, 4)).toEqual([
    'Cranes stand still',
    'Send 12: 2026-03-01-cranes to readers',
    'audience 12,480 = sent 12,297 + bounced 41 + failed 3 + uncertain 1 + excluded 138',
    'state     finished',
  ])
})

test('what readers did is told by people, unknown and machines, with what each share is of', () => {
  const printed = printReport(
    makeReport(issue, { opens: { hits: 900, deliveries: 600, person: 300, unknown: 200, machine: 100 } }),
  )

  expect(chapter(printed, 'Read')[1]).toBe(
    '  opened           300      200           100       900  2.4 % of 12,297 sent',
  )
  expect(chapter(printed, 'Afterwards')).toEqual([
    '  19  unsubscribed   0.15 % of 12,297 sent',
    '   2  complained     0.02 % of 12,297 sent',
    '  10  bounced later  6 for good, 3 for now, 1 for other reasons',
  ])
})

test('every percentage has its denominator in the same line', () => {
  for (const line of printReport(makeReport(issue)).split('\n')) {
    const isOfEarlier = /^ {2}\d{4}-\d\d-\d\d /.test(line)
    if (line.includes('%') && !isOfEarlier) expect(line).toMatch(/% of [\d,]+ /)
  }
})

test('never "delivered"', () => {
  expect(printReport(makeReport(issue))).not.toMatch(/delivered/i)
})

test('it says which rules told people from machines, and what is still counted', () => {
  const settled = printReport(makeReport(issue))
  const live = printReport(
    makeReport(issue, {
      state: 'sending',
      settled: false,
      classifier: {
        current: 3,
        versions: [
          { version: 2, hits: 40 },
          { version: 3, hits: 2 },
        ],
        counting: true,
      },
    }),
  )
  const said = (text: string) => chapter(text, 'How to read this').join(' ').replace(/ +/g, ' ')

  expect(said(settled)).toContain('its side of the numbers is settled')
  expect(said(settled)).toContain('by version 2 of the rules.')
  expect(said(live)).toContain('The send is not finished (sending): everything here is counted live')
  expect(said(live)).toContain('by version 3 of the rules; 40 requests by version 2 (pressrun reclassify 12')
  expect(said(live)).toContain('still being counted')
})

test('what was not tracked is said, and no number pretends', () => {
  const printed = printReport(
    makeUnread(issue, { tracking: { opens: false, clicks: false, untracked: 12_480 } }),
  )

  expect(chapter(printed, 'Read')).toEqual(['  opens and clicks were not tracked'])
  expect(chapter(printed, 'Clicks by Link')).toEqual([])
  expect(printed).toContain(
    'Of 12,480 people nothing more is kept: they or the publication wish it so, or they are erased.',
  )
})

test('of opens alone that were not tracked, clicks are told all the same', () => {
  const printed = printReport(makeReport(issue, { tracking: { opens: false, clicks: true, untracked: 0 } }))

  expect(chapter(printed, 'Read')).toHaveLength(3)
  expect(chapter(printed, 'Read').at(-1)).toBe('  opens were not tracked')
  expect(chapter(printed, 'People by then')[0]?.trim()).toBe('clicked')
})

test('V42: what others wrote steers no terminal', () => {
  const hostile = '\u001b[2J\u0007<img src=x onerror=alert(1)>\r\naudience 0'
  const printed = printReport(
    makeReport(
      {
        ...issue,
        title: hostile,
        links: issue.links.map((link) => ({ ...link, heading: hostile, url: hostile })),
      },
      {
        reasons: [{ state: 'bounced', reason: hostile, count: 1 }],
        domains: makeReport(issue).domains.map((domain) => ({ ...domain, domain: hostile })),
        label: hostile,
        alarm: hostile,
      },
    ),
  )

  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
  expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  expect(printed.split('\n').filter((line) => line.startsWith('audience 0'))).toEqual([])
})

test('two Links to one URL are told apart by their texts', () => {
  const twice = { ...issue, links: issue.links.map((link) => ({ ...link, url: 'https://example.org/same' })) }

  const rows = chapter(printReport(makeReport(twice)), 'Clicks by Link').slice(1)

  expect(rows.map((row) => row.replace(/.*same +/, ''))).toEqual(['a', 'b'])
})

test('of a Send that was not tracked no rules are named; of one that was, why more open than load the pixel', () => {
  const untracked = printReport(
    makeUnread(issue, { tracking: { opens: false, clicks: false, untracked: 0 } }),
  )

  expect(untracked).not.toContain('of the rules')
  expect(printReport(makeReport(issue))).toContain('Whoever clicks has opened, too')
})

const span = (at: string, person: number) => {
  const reach = { hits: person, deliveries: person, person, unknown: 0, machine: 0 }
  return { at: `2026-11-24T${at}:00:00.000Z`, spanMs: 3_600_000, opens: reach, clicks: reach }
}

test('people are counted up to the end of an hour, and none is told after the last in which anything happened', () => {
  // Someone who opened at 09:15 did so within the hour, and 48 hours are not over.
  const report = makeReport(issue, {
    startedAt: '2026-11-24T08:40:00.000Z',
    overTime: [span('08', 1), span('09', 2), span('11', 4)],
  })
  const day = { ...span('08', 8), at: '2026-11-26T08:00:00.000Z', spanMs: 86_400_000 }
  const later = makeReport(issue, { ...report, overTime: [...report.overTime, day] })

  expect(chapter(printReport(report), 'People by then')).toEqual([
    '                        opened  clicked',
    '  2026-11-24 10:00 UTC       3        3',
    '  2026-11-24 12:00 UTC       7        7',
  ])
  expect(chapter(printReport(later), 'People by then').at(-1)).toBe('  2026-11-26 08:00 UTC       7        7')
})

test('an earlier issue that was not tracked has no number, rather than nought', () => {
  const [first, ...others] = makeReport(issue).earlier
  if (first === undefined) throw new Error('there is none')
  const earlier = [{ ...first, opened: null, clicked: null }, ...others]

  const [, line] = chapter(printReport(makeReport(issue, { earlier })), 'Earlier issues, by a person')

  expect(line).toMatch(/Shore power before berths +12,190 +- +- +14 +0\.11 %/)
})

test('a code is told in words, and what is uncertain explained where anyone is', () => {
  const printed = printReport(makeReport(issue))

  expect(chapter(printed, 'Bounced')).toContain('  33  550 5.1.1 (no such mailbox)')
  expect(printed).toContain('“Uncertain” went out')
  expect(printReport(makeReport(issue, { uncertain: 0 }))).not.toContain('“Uncertain”')
})

test('that someone uncertain is sent to again is not said of a Send that was cancelled', () => {
  const told = (state: 'finished' | 'cancelled') =>
    printReport(makeReport(issue, { state, uncertainPolicy: 'resend' })).replace(/\s+/g, ' ')

  expect(told('finished')).toContain('it may have arrived, and is sent again by itself.')
  expect(told('cancelled')).toContain('it may have arrived, and is not sent again by itself')
})
