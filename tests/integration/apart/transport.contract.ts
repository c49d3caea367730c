/**
 * What every Transport promises, whatever is behind it, as a function of how to set the other side up. What the other
 * side has is read from its own side.
 */

import { afterEach, describe, expect, test } from 'vitest'
import type { Transport } from '../../../src/smtp/transport.js'
import { counting, letter, yes } from '../../rig/letter.js'

/**
 * How the other side behaves to `Place.to`. `dies`: it has the message, and is gone before it says so. `silent`: it has
 * the message and says nothing. `away`: there is nobody.
 */
export type Manner = 'takes' | 'slow' | 'refuses' | 'later' | 'dies' | 'silent' | 'away'

export interface Place {
  readonly transport: Transport
  readonly to: string
  /** What the other side has, with CRLF line ends. */
  kept(): readonly { readonly to: string; readonly bytes: Buffer }[]
  close(): Promise<void>
}

export interface PlaceOptions {
  readonly manner: Manner
  readonly atOnce: number
  /** How long an answer is waited for. */
  readonly patienceMs: number
}

export type OpenPlace = (options: PlaceOptions) => Promise<Place>

const PATIENCE_MS = 60_000

export function transportContract(name: string, openPlace: OpenPlace): void {
  describe(`${name}, as every Transport`, () => {
    const open: Place[] = []
    afterEach(async () => {
      for (const place of open.splice(0)) {
        await place.transport.close({ withinMs: 0 })
        await place.close()
      }
    })

    async function connect(manner: Manner, options: Partial<PlaceOptions> = {}): Promise<Place> {
      const place = await openPlace({ manner, atOnce: 1, patienceMs: PATIENCE_MS, ...options })
      open.push(place)
      return place
    }

    test.each([
      ['an ordinary text', 'Subject: hello\r\n\r\nDear Alice,\r\nnews.\r\n'],
      ['lines that are dots', '.first: x\r\n\r\n.\r\n..\r\n...\r\n.x\r\n.\r\n'],
      ['a large body', `Subject: large\r\n\r\n${'lorem ipsum dolor\r\n'.repeat(20_000)}`],
      ['an empty body', 'Subject: nothing\r\n\r\n'],
    ])('carries %s byte for byte, as one message', async (_what, text) => {
      const { transport, to, kept } = await connect('takes')

      const reply = await transport.send(letter({ to, text }), { beforeEnd: yes })

      expect(reply).toMatchObject({ kind: 'replied', code: 250, command: 'DATA', ended: true })
      expect(kept().map((message) => [message.to, message.bytes.toString()])).toEqual([[to, text]])
    })

    test('asks beforeEnd once, when the other side cannot have accepted the message yet', async () => {
      const { transport, to, kept } = await connect('takes')
      let asked = 0

      await transport.send(letter({ to }), {
        beforeEnd: async () => {
          asked += 1
          await new Promise((resolve) => setImmediate(resolve))
          expect(kept()).toEqual([])
          return true
        },
      })

      expect(asked).toBe(1)
      expect(kept()).toHaveLength(1)
    })

    test('never ends a message when beforeEnd says no, and goes on with the next', async () => {
      const { transport, to, kept } = await connect('takes')

      const reply = await transport.send(letter({ to }), { beforeEnd: async () => false })

      expect(reply).toMatchObject({ kind: 'notEnded', scope: 'message' })
      expect(kept()).toEqual([])
      expect(await transport.send(letter({ to }), { beforeEnd: yes })).toMatchObject({ code: 250 })
      expect(kept()).toHaveLength(1)
    })

    test('throws what beforeEnd threw, and never ends the message', async () => {
      const { transport, to, kept } = await connect('takes')

      const sent = transport.send(letter({ to }), {
        beforeEnd: () => Promise.reject(new Error('the disk is full')),
      })

      await expect(sent).rejects.toThrow('the disk is full')
      expect(await transport.send(letter({ to }), { beforeEnd: yes })).toMatchObject({ code: 250 })
      expect(kept()).toHaveLength(1)
    })

    test.each<[string, Manner, RegExp]>([
      ['a refusal', 'refuses', /^5\d\d /],
      ['a "not now"', 'later', /^4\d\d /],
    ])('hands on %s', async (_what, manner, text) => {
      const { transport, to, kept } = await connect(manner)

      const reply = await transport.send(letter({ to }), { beforeEnd: yes })

      expect(reply).toMatchObject({ kind: 'replied', text: expect.stringMatching(text) })
      expect(kept()).toEqual([])
    })

    test('is uncertain when the other side dies with the message', async () => {
      const { transport, to, kept } = await connect('dies')

      const reply = await transport.send(letter({ to }), { beforeEnd: yes })

      expect(reply).toMatchObject({ kind: 'endedWithoutReply' })
      expect(kept()).toHaveLength(1)
    })

    test('is uncertain when the wait for an answer ends', async () => {
      const { transport, to, kept } = await connect('silent', { patienceMs: 1_000 })

      const reply = await transport.send(letter({ to }), { beforeEnd: yes })

      expect(reply).toMatchObject({ kind: 'endedWithoutReply' })
      expect(kept()).toHaveLength(1)
    })

    test('calls the relay down when there is nobody', async () => {
      const { transport, to } = await connect('away')

      const reply = await transport.send(letter({ to }), { beforeEnd: yes })

      expect(reply).toMatchObject({ kind: 'notEnded', scope: 'relay' })
      await expect(transport.verify()).rejects.toThrow(/^SMTP_URL: /)
    })

    test('verify finds nothing wrong where nothing is, and sends nothing', async () => {
      const { transport, kept } = await connect('takes')

      await transport.verify()

      expect(kept()).toEqual([])
    })

    test.each(['alice@example.org,eve@example.net', '<alice@example.org>', 'alice@example.org\r\n-x', ''])(
      'refuses the envelope address %j as a bug',
      async (to) => {
        const { transport, kept } = await connect('takes')

        await expect(transport.send(letter({ to }), { beforeEnd: yes })).rejects.toThrow(
          'not one plain address',
        )
        expect(kept()).toEqual([])
      },
    )

    test('carries 40 messages, four at once, each once', async () => {
      const { transport, kept } = await connect('takes', { atOnce: 4 })
      const people = Array.from({ length: 40 }, (_, index) => `reader-${index}@example.org`)

      const replies = await Promise.all(
        people.map((to) => transport.send(letter({ to }), { beforeEnd: yes })),
      )

      expect(transport.concurrency).toBe(4)
      for (const reply of replies) expect(reply).toMatchObject({ kind: 'replied', code: 250, ended: true })
      expect(
        kept()
          .map(({ to }) => to)
          .sort(),
      ).toEqual([...people].sort())
    })

    test('close() lets the message in flight finish; those that wait, or come later, are not begun', async () => {
      const { transport, to, kept } = await connect('slow')
      let closed: Promise<void> | null = null
      let asked = 0

      const first = transport.send(letter({ to }), {
        beforeEnd: async () => {
          closed = transport.close()
          return true
        },
      })
      const waiting = transport.send(letter({ to }), { beforeEnd: counting(() => (asked += 1)) })

      expect(await waiting).toMatchObject({ kind: 'notEnded', scope: 'relay' })
      expect(await first).toMatchObject({ kind: 'replied', code: 250, ended: true })
      await closed
      const later = transport.send(letter({ to }), { beforeEnd: counting(() => (asked += 1)) })
      expect(await later).toMatchObject({ kind: 'notEnded', scope: 'relay' })
      expect(asked).toBe(0)
      expect(kept()).toHaveLength(1)
    })

    test('close({ withinMs }) cuts off a message whose answer is not there in time: nobody knows', async () => {
      const { transport, to } = await connect('silent')
      let closed: Promise<void> | null = null

      const reply = await transport.send(letter({ to }), {
        beforeEnd: async () => {
          closed = transport.close({ withinMs: 500 })
          return true
        },
      })
      await closed

      expect(reply).toMatchObject({ kind: 'endedWithoutReply' })
    })

    test('close({ withinMs }) never ends a message whose intent comes too late', async () => {
      const { transport, to, kept } = await connect('takes')
      let decide = (_mayEnd: boolean) => {}
      const decided = new Promise<boolean>((resolve) => {
        decide = resolve
      })
      let closed: Promise<void> | null = null

      const sent = transport.send(letter({ to }), {
        beforeEnd: () => {
          closed = transport.close({ withinMs: 100 })
          setTimeout(() => decide(true), 300)
          return decided
        },
      })

      expect(await sent).toMatchObject({ kind: 'notEnded', scope: 'relay' })
      await closed
      expect(kept()).toEqual([])
    })
  })
}
