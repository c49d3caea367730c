import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BarStream, openBar, writeBar } from './bar.js'
import type { Status } from './status.js'

function status(given: Partial<Status>): Status {
  return {
    send: 3,
    issue: '2026-03-01-cranes',
    list: 'harbour',
    segment: null,
    topics: [],
    state: 'sending',
    reason: null,
    label: null,
    hash: 'ab',
    uncertainPolicy: 'hold',
    scheduledAt: null,
    zone: null,
    audience: 0,
    queued: 0,
    sending: 0,
    deferred: 0,
    sent: 0,
    bounced: 0,
    failed: 0,
    uncertain: 0,
    excluded: 0,
    startedAt: null,
    finishedAt: null,
    alarm: null,
    ...given,
  }
}

function record(looks: Partial<BarStream>) {
  const written: string[] = []
  return { written, stream: { write: (text: string) => written.push(text), ...looks } }
}

test('the parts of a bar add up to its width, and nobody is too few to be seen', () => {
  const count = fc.integer({ min: 0, max: 2_000_000 })
  fc.assert(
    fc.property(
      fc.record({
        sent: count,
        queued: count,
        bounced: count,
        uncertain: count,
        excluded: count,
        failed: count,
      }),
      (counts) => {
        const bar = writeBar(status(counts), { width: 60, hasColour: false })

        const isEmpty = Object.values(counts).every((number) => number === 0)
        expect(bar).toHaveLength(isEmpty ? 0 : 60)
        const marks = {
          sent: '#',
          queued: '.',
          bounced: 'x',
          uncertain: '?',
          excluded: '-',
          failed: '!',
        } as const
        for (const [state, mark] of Object.entries(marks))
          expect(bar.includes(mark)).toBe(counts[state as keyof typeof counts] > 0)
      },
    ),
  )
})

test('on a terminal the bar is drawn over itself, coloured where colours are wanted', () => {
  const { written, stream } = record({ isTTY: true, columns: 40, hasColors: () => true })
  const bar = openBar(stream)

  bar.draw(status({ audience: 4, sent: 1, queued: 3 }))
  bar.draw(status({ audience: 4, sent: 1, queued: 3 }))
  bar.draw(status({ audience: 4, sent: 4, state: 'finished' }))
  bar.close()

  expect(written).toEqual([
    `\r\x1b[J\x1b[32m${'█'.repeat(9)}\x1b[0m\x1b[90m${'█'.repeat(30)}\x1b[0m\nSend 3 sending: audience 4 = sent 1 + q`,
    `\x1b[1A\r\x1b[J\x1b[32m${'█'.repeat(39)}\x1b[0m\nSend 3 finished: audience 4 = sent 4`,
    '\n',
  ])
})

test('NO_COLOR leaves marks in place of colours', () => {
  const { written, stream } = record({ isTTY: true, columns: 80, hasColors: () => false })

  openBar(stream).draw(status({ audience: 3, sent: 1, deferred: 1, bounced: 1 }))

  expect(written.join('')).toContain(`${'#'.repeat(20)}${'~'.repeat(20)}${'x'.repeat(20)}`)
})

test('elsewhere a line is written when something has changed, and nothing that only a terminal understands', () => {
  const { written, stream } = record({})
  const bar = openBar(stream)

  bar.draw(status({ audience: 1, queued: 1 }))
  bar.draw(status({ audience: 1, queued: 1 }))
  bar.draw(status({ audience: 1, sent: 1, state: 'finished' }))
  bar.close()

  expect(written).toEqual([
    'Send 3 sending: audience 1 = queued 1\n',
    'Send 3 finished: audience 1 = sent 1\n',
  ])
})
