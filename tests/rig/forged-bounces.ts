/**
 * Forged reports, without end: any of the corpus, its Tokens and Message-ID wrong in one of many ways. None of them may
 * change anything.
 */

import { makeKeys, messageIdLeft, signToken } from '../../src/link/token.js'
import { bounceBytes, bounceNames, type Names, namesOf } from './bounce-corpus.js'
import { seededRandom } from './random.js'

export interface ForgedBounce {
  /** Which report, and what is wrong with it. */
  readonly label: string
  readonly bytes: Buffer
  readonly envelopeTo: readonly string[]
}

export interface Forgery {
  /** The ring that is forged against: a real secret's other purposes are tried too. */
  readonly secret: string
  /** Deliveries that exist; their genuine names are bent, never used as they are. */
  readonly deliveryIds: readonly number[]
  readonly address: string
  readonly seed: number
}

type Bend = (genuine: Names, deliveryId: number) => Names

/** `count` of them, the same for the same seed. */
export function forgeBounces(count: number, forgery: Forgery): readonly ForgedBounce[] {
  const { secret, deliveryIds, address, seed } = forgery
  const random = seededRandom(seed)
  const keys = makeKeys([secret])
  const ways = Object.entries(bends(secret))
  const reports = bounceNames()
  return Array.from({ length: count }, () => {
    const [way, bend] = random.pick(ways)
    const deliveryId = random.pick(deliveryIds)
    const report = random.pick(reports)
    const names = bend(namesOf(keys, deliveryId), deliveryId)
    return {
      label: `${report}, ${way}`,
      bytes: bounceBytes(report, names, { 'bob@example.net': address, 'erin@example.org': address }),
      envelopeTo: [`bounces+${names.returnToken}@example.com`],
    }
  })
}

function bends(secret: string): Readonly<Record<string, Bend>> {
  const keys = makeKeys([secret])
  const strange = makeKeys(['a secret of somebody else, quite long enough'])
  const empty: Names = { returnToken: '', leaveToken: '', messageId: '' }
  return {
    'signed with another secret': (_, id) => namesOf(strange, id),
    'a character of each changed': ({ returnToken, leaveToken, messageId }) => ({
      returnToken: changed(returnToken, 12, 'ab'),
      leaveToken: changed(leaveToken, 11, 'AB'),
      messageId: changed(messageId, 11, '01'),
    }),
    'the last character of each changed': ({ returnToken, leaveToken, messageId }) => ({
      returnToken: changed(returnToken, 25, 'ae'),
      leaveToken: changed(leaveToken, 21, 'AB'),
      messageId: changed(messageId, 23, '01'),
    }),
    'cut short': ({ returnToken, leaveToken, messageId }) => ({
      returnToken: returnToken.slice(0, -1),
      leaveToken: leaveToken.slice(0, -1),
      messageId: messageId.slice(0, -1),
    }),
    'a read Token where leave and return stand': (_, id) => ({
      ...empty,
      returnToken: signToken(keys, 'read', id),
      leaveToken: signToken(keys, 'read', id),
    }),
    'a notice Token where leave stands': (_, id) => ({ ...empty, leaveToken: signToken(keys, 'notice', id) }),
    'leave and return Tokens in each other’s place': ({ returnToken, leaveToken }) => ({
      ...empty,
      returnToken: leaveToken,
      leaveToken: returnToken,
    }),
    'the MAC of another Delivery': ({ returnToken, leaveToken }, id) => {
      const other = namesOf(keys, id + 1_000_000)
      return {
        ...empty,
        returnToken: returnToken.slice(0, 10) + other.returnToken.slice(10),
        leaveToken: leaveToken.slice(0, 8) + other.leaveToken.slice(8),
      }
    },
    'of a Delivery that is not there': (_, id) => namesOf(keys, id + 1_000_000),
    zeros: () => ({
      returnToken: 'a'.repeat(26),
      leaveToken: 'A'.repeat(22),
      messageId: '0'.repeat(24),
    }),
    'none at all': () => empty,
    'a Message-ID in capitals of another secret': (_, id) => ({
      ...empty,
      messageId: messageIdLeft(strange, id).toUpperCase(),
    }),
  }
}

function changed(text: string, at: number, [one = '', other = '']: string): string {
  return text.slice(0, at) + (text[at] === one ? other : one) + text.slice(at + 1)
}
