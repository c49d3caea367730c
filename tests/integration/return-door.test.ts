/** The listener for the return path on its own: who may hold a connection, for how long, and what those hear who may not. */

import { afterEach, describe, expect, test, vi } from 'vitest'
import { openLog } from '../../src/log.js'
import type { TakeMail } from '../../src/smtp/mailbox.js'
import { openReturnListener, type ReturnListener } from '../../src/smtp/return-listener.js'
import { type SmtpTalk, talkSmtp } from '../rig/smtp-talk.js'

const LETTER = Buffer.from('Subject: x\r\n\r\nx\r\n')

const closers: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function open(changes: Partial<Parameters<typeof openReturnListener>[0]>): Promise<ReturnListener> {
  const listener = await openReturnListener({
    host: '127.0.0.1',
    port: 0,
    accepts: () => true,
    isOpen: () => true,
    take: async () => 'done',
    log: openLog('silent'),
    ...changes,
  })
  closers.push(listener.close)
  return listener
}

/** `from`: its network, of those of this machine. */
async function talk({ port }: ReturnListener, from?: number): Promise<SmtpTalk> {
  const talking = await talkSmtp(port, '127.0.0.1', {
    from: from === undefined ? undefined : `127.0.${from}.1`,
  })
  closers.push(talking.end)
  return talking
}

function talkAtOnce(listener: ReturnListener, count: number, from?: number): Promise<readonly SmtpTalk[]> {
  return Promise.all(Array.from({ length: count }, () => talk(listener, from)))
}

async function bring(talking: SmtpTalk): Promise<string> {
  await talking.say('EHLO mx.example.net')
  return talking.mail('a@example.com', LETTER)
}

test('whoever says a letter at a time is told that it took too long, and cut off', async () => {
  const talking = await talk(await open({ door: { mailMs: 300 } }))
  const drip = setInterval(() => talking.pour(Buffer.from('E')), 50)
  closers.push(() => clearInterval(drip))

  expect(await talking.hear()).toBe('421 4.4.2 no whole mail within 0.3 s')
  await talking.closed
})

test('nor do other commands, or mail that is refused, buy time', async () => {
  const door = { mailMs: 500, talkLines: 1_000_000, talkBytes: 1_000_000_000 }
  const talking = await talk(await open({ door, take: async () => 'later' }))
  await talking.say('EHLO mx.example.net')
  const started = performance.now()

  for (let said = '451 '; said.startsWith('451 '); ) {
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(await talking.say('NOOP')).toMatch(/^(250 |421 4\.4\.2 |$)/)
    said = await talking.mail('a@example.com', LETTER)
  }

  await talking.closed
})

test('whoever waits for us is not cut off, however long it takes', async () => {
  const { port: other } = await open({ door: { mailMs: 600 } })
  const listener = await open({
    door: { mailMs: 300, guests: 1 },
    // As long as the whole time of somebody else, who has more of it.
    take: async () => {
      await (await talkSmtp(other)).closed
      return 'done'
    },
  })
  const talking = await talk(listener)

  expect(await bring(talking)).toMatch(/^250 /)
})

test('whoever says nothing is cut off', async () => {
  const talking = await talk(await open({ idleTimeoutMs: 200 }))

  await talking.closed
})

test('a line without an end is not kept', async () => {
  const talking = await talk(await open({}))

  talking.pour(Buffer.alloc(200_000, 'x'))

  await talking.closed
})

test('takes one mail at a time', async () => {
  let underWay = 0
  let most = 0
  const take: TakeMail = async () => {
    most = Math.max(most, ++underWay)
    await new Promise((resolve) => setImmediate(resolve))
    underWay--
    return 'done'
  }
  const talks = await talkAtOnce(await open({ take }), 20)

  const answers = await Promise.all(talks.map(bring))

  expect(answers.every((answer) => answer.startsWith('250 '))).toBe(true)
  expect(most).toBe(1)
})

test('while this may be a copy, nothing is taken', async () => {
  expect(await bring(await talk(await open({ isOpen: () => false })))).toMatch(/^451 /)
})

test('one network has twenty connections; the next hears why it is turned away, and one that leaves makes room', async () => {
  const listener = await open({})
  const [first, ...talks] = await talkAtOnce(listener, 20)
  const surplus = await talk(listener)

  expect(surplus.greeting).toBe('421 4.3.2 too many connections from your network; please come again')
  await surplus.closed
  expect(await first?.say('QUIT')).toMatch(/^221 /)

  await vi.waitFor(async () => expect((await talk(listener)).greeting).toMatch(/^220 /))
  expect(await Promise.all(talks.map(bring))).toEqual(Array(19).fill(expect.stringMatching(/^250 /)))
})

test('a thousand that are turned away leave nothing behind', { timeout: 30_000 }, async () => {
  const listener = await open({ door: { ofOneNetwork: 1 } })
  const held = await talk(listener)
  const countSockets = () =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  const before = countSockets()

  for (let round = 0; round < 10; round++)
    for (const { greeting } of await talkAtOnce(listener, 100)) expect(greeting).toMatch(/^421 4\.3\.2 /)

  // Theirs and ours.
  await vi.waitFor(() => expect(countSockets()).toBe(before))
  expect(await bring(held)).toMatch(/^250 /)
})

// Only Linux has all of 127.0.0.0/8 without being told.
describe.skipIf(process.platform !== 'linux')('several networks', () => {
  test('three that hold every place keep a fourth from nothing, and none of them is left with fewer', async () => {
    const listener = await open({})
    const holders = [
      ...(await talkAtOnce(listener, 20, 1)),
      ...(await talkAtOnce(listener, 20, 2)),
      ...(await talkAtOnce(listener, 10, 3)),
    ]
    const drips = setInterval(() => {
      for (const holder of holders) holder.pour(Buffer.from('E'))
    }, 20)
    closers.push(() => clearInterval(drips))

    for (const honest of await talkAtOnce(listener, 10, 4)) expect(await bring(honest)).toMatch(/^250 /)

    const words = '421 4.3.2 others are waiting and hold fewer connections; please come again'
    const gone = [...holders.slice(0, 5), ...holders.slice(20, 25)]
    expect(await Promise.all(gone.map(({ hear }) => hear()))).toEqual(Array(10).fill(words))
  })

  test('who has brought mail keeps its place before who has not', async () => {
    const listener = await open({ door: { guests: 3 } })
    const [first, second, third] = [await talk(listener, 1), await talk(listener, 1), await talk(listener, 1)]
    await bring(first)

    expect(await bring(await talk(listener, 2))).toMatch(/^250 /)

    expect(await second.hear()).toMatch(/^421 4\.3\.2 /)
    expect(await first.mail('a@example.com', LETTER)).toMatch(/^250 /)
    expect(await bring(third)).toMatch(/^250 /)
  })

  test('where each network has one place, who comes too late hears so', async () => {
    const listener = await open({ door: { guests: 3 } })
    const talks = [await talk(listener, 1), await talk(listener, 2), await talk(listener, 3)]

    expect((await talk(listener, 4)).greeting).toBe('421 4.3.2 all places are taken; please come again')

    for (const talking of talks) expect(await bring(talking)).toMatch(/^250 /)
  })
})
