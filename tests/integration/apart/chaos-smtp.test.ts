/** The rig itself is tested: a receiver whose ledger were wrong would prove nothing about the sender. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openRelay } from '../../../src/smtp/relay.js'
import { readRelayUrl } from '../../../src/smtp/relay-url.js'
import type { Reply } from '../../../src/smtp/transport.js'
import { type ChaosOptions, startChaosSmtp } from '../../rig/chaos.js'
import { letter, yes } from '../../rig/letter.js'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function start(options: Partial<ChaosOptions> = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'pressrun-chaos-'))
  open.push(() => rm(folder, { recursive: true }))
  const chaos = await startChaosSmtp({ ledger: path.join(folder, 'ledger.jsonl'), ...options })
  open.push(() => chaos.stop())
  const relay = openRelay(readRelayUrl(`${chaos.url}/?maxConnections=8`))
  open.push(() => relay.close())
  const send = (local: string) =>
    relay.send(
      letter({ to: `${local}@example.org`, text: `Message-ID: <${local}@x.example>\r\n\r\n.dot\r\n` }),
      {
        beforeEnd: yes,
      },
    )
  return { chaos, send }
}

/** `250`, `550 5.1.1`, `notEnded`, `endedWithoutReply`: what a Reply comes down to. */
function brief(reply: Reply): string {
  return reply.kind === 'replied' ? reply.text.split(' ').slice(0, 2).join(' ') : reply.kind
}

test.each([
  ['alice', ['250 2.0.0']],
  ['bob', ['550 5.1.1', '550 5.1.1']],
  ['bounce-1', ['550 5.1.1']],
  ['dora', ['451 4.7.1', '250 2.0.0']],
  ['grey-1', ['451 4.7.1', '250 2.0.0']],
  ['defer-2-x', ['451 4.3.0', '451 4.3.0', '250 2.0.0']],
  ['full-1', ['452 4.2.2', '452 4.2.2']],
  ['policy-1', ['550 5.7.1']],
  ['content-1', ['554 5.6.0']],
  ['slow-1', ['250 2.0.0']],
  ['cut-rcpt-1', ['notEnded', '250 2.0.0']],
  ['cut-data-1', ['notEnded', '250 2.0.0']],
  ['cut-dot-1', ['endedWithoutReply', '250 2.0.0']],
  ['cut-reply-1', ['endedWithoutReply', '250 2.0.0']],
  ['busy-1', ['421 4.3.2', '250 2.0.0']],
  ['garble-1', ['endedWithoutReply', '250 2.0.0']],
])('%s is answered %j', async (local, expected) => {
  const { send } = await start({ slowMs: 50 })

  const answers: string[] = []
  for (const _ of expected) answers.push(brief(await send(local)))

  expect(answers).toEqual(expected)
})

test('the ledger holds what was accepted, also where the 250 never left', async () => {
  const saveDir = await mkdtemp(path.join(tmpdir(), 'pressrun-saved-'))
  open.push(() => rm(saveDir, { recursive: true }))
  const { chaos, send } = await start({ saveDir })

  for (const local of ['alice', 'bob', 'content-1', 'cut-dot-1', 'cut-reply-1']) await send(local)

  expect(chaos.ledger()).toMatchObject([
    { to: 'alice@example.org', messageId: '<alice@x.example>' },
    { to: 'cut-reply-1@example.org', messageId: '<cut-reply-1@x.example>' },
  ])
  for (const { began, at } of chaos.ledger()) expect(at).toBeGreaterThanOrEqual(began)
  expect(await readdir(saveDir)).toEqual(['000001.eml', '000002.eml'])
  expect(await readFile(path.join(saveDir, '000001.eml'), 'utf8')).toBe(
    'Message-ID: <alice@x.example>\r\n\r\n.dot\r\n',
  )
})

test('the same seed brings the same faults upon the same people', async () => {
  const faults = { drop: 0.2, defer: 0.1, refuse: 0.1 }
  const people = Array.from({ length: 60 }, (_, index) => `reader-${index}`)
  const answersOf = async (seed: number) => {
    const { send } = await start({ seed, ...faults })
    const replies = await Promise.all(people.map(send))
    // A line cut in the body of a short message may be noticed before or after its end was let go.
    return replies.map((reply) => (reply.kind === 'replied' ? brief(reply) : 'cut'))
  }

  const first = await answersOf(7)

  expect(await answersOf(7)).toEqual(first)
  expect(await answersOf(8)).not.toEqual(first)
  expect(new Set(first)).toEqual(new Set(['250 2.0.0', 'cut', '451 4.3.0', '550 5.1.1']))
})
