/**
 * `pressrun test`: an issue to a few addresses that are allowed, as a reader would get it, marked as a test. It is no Send: it
 * is counted nowhere, and no link in it changes anything.
 */

import { randomInt } from 'node:crypto'
import path from 'node:path'
import { findEngine } from '../app/announcement.js'
import { withStore } from '../app/look.js'
import { checkRelays } from '../app/relay-check.js'
import { describeUnsigned } from '../app/signing.js'
import { openTestWay, testRelays } from '../app/test-send.js'
import { isBlocking } from '../compile/checks/finding.js'
import { NOTHING } from '../issue/tracking.js'
import { alignColumns } from '../report/columns.js'
import type { RelayedReply } from '../send/relays.js'
import { readTestAddresses } from '../send/test-send/addresses.js'
import type { TestAnswer, TestLine } from '../send/test-send/answer.js'
import { type TestMessage, writeTest } from '../send/test-send/message.js'
import { isHopeless, readTestLine } from '../send/test-send/reply.js'
import { refuseSuppressed } from '../send/test-send/suppressed.js'
import { compileFor, drawFor } from './prepare.js'
import type { SendContext } from './send.js'

/** A person waits for the answer. */
const PATIENCE_MS = 120_000
/** Of an id in a Token. */
const IDS = 2 ** 40

export interface TestRequest {
  readonly slugOrPath: string
  /** As it was typed. */
  readonly to: string
  /** What is known of the reader; null: a sample. */
  readonly values: Readonly<Record<string, string>> | null
}

export interface TestContext extends Pick<SendContext, 'config' | 'say' | 'sayFindings'> {
  readonly signal: AbortSignal
  readonly now: () => number
}

/** Throws InputError for whom it may not go to, for what can't be compiled, and for relays that can't be used. */
export async function testIssue(
  { slugOrPath, to, values }: TestRequest,
  { config, say, sayFindings, signal, now }: TestContext,
): Promise<TestAnswer> {
  const isLocal = config.smtpUrl === null
  const addresses = readTestAddresses(to, isLocal ? null : config.testTo)
  // The inbox of this machine reaches nobody.
  if (!isLocal)
    await withStore(config, ({ db, keys }) => refuseSuppressed(addresses, { query: db.query, keys }))
  const localUrl = findEngine(config)?.url ?? null
  const { compilation, findings } = await compileFor(config, slugOrPath, { localUrl })
  const picture = await drawFor(config, slugOrPath, { localUrl, tracking: NOTHING })
  const { compiled, hash } = compilation
  if (!isLocal) {
    await checkRelays(config, say)
    const { address } = compiled.publication.from
    const unsigned = describeUnsigned(address.slice(address.lastIndexOf('@') + 1), config)
    if (unsigned !== null) say(unsigned)
  }
  const messages = writeTest({
    untracked: picture.compilation,
    hash,
    addresses,
    values,
    returnPath: config.returnPath,
    now: now(),
    nextId: () => randomInt(IDS),
  })
  sayFindings(findings)
  const errors = findings.filter(isBlocking).length
  const lines = await handOver(messages, { config, signal })
  return { issue: compiled.slug, hash, through: testRelays(config), messages: lines, errors }
}

/** One after the other, so that they lie in order; once no relay takes anything the rest is not tried. */
async function handOver(
  messages: readonly TestMessage[],
  { config, signal }: Pick<TestContext, 'config' | 'signal'>,
): Promise<readonly TestLine[]> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
  const way = await openTestWay(config, stop)
  const lines: TestLine[] = []
  let last: RelayedReply | null = null
  try {
    for (const one of messages) {
      const reply: RelayedReply = last !== null && isHopeless(last) ? last : await way.send(one.message)
      const file = way.keptFile(reply)
      lines.push(readTestLine(one, reply, file === null ? null : path.relative(config.root, file)))
      last = reply
    }
  } finally {
    await way.close()
  }
  return lines
}

export function printTest({ through, messages }: TestAnswer): string {
  const rows = messages.map(({ to, variant, state, text, file }) => [
    to,
    variant ?? 'all readers',
    state,
    file ?? text,
  ])
  const where = through.length === 0 ? 'the inbox of this machine' : through.join(', ')
  return `${alignColumns([['to', 'variant', 'state', where], ...rows]).join('\n')}\n`
}
