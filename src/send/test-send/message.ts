/**
 * The Messages of a test send: what a reader would get, marked as a test, and nobody's Delivery. Their Tokens are a sample's, so
 * that no link in them changes anything, and what comes back of them speaks of nobody. What a Send would have published, they
 * carry along or say that it is not there yet.
 */

import { type Alternative, listAlternatives } from '../../compile/alternatives.js'
import type { Compilation } from '../../compile/compiled.js'
import { SAMPLE_KEYS } from '../../link/sample-keys.js'
import type { ReturnPath } from '../../return-path.js'
import type { WireMessage } from '../../smtp/transport.js'
import { fillLine, type PreparedIssue, personValue, prepareMessages, writeMessage } from '../message.js'
import { pointToTestPage } from './page-link.js'
import { findPictures, framePictures, pointInside } from './pictures.js'

/** `SLUG HASH` of the Issue, for whoever asks later what a test was of. */
const TEST_FIELD = 'X-Pressrun-Test'

export interface TestMessage {
  readonly to: string
  /** Null where all readers get the same. */
  readonly variant: string | null
  readonly subject: string
  readonly message: WireMessage
}

export interface TestOptions {
  /** Compiled so that nothing is tracked: its links are the originals. */
  readonly untracked: Compilation
  /** Of the CompiledIssue as a Send would pin it. */
  readonly hash: string
  readonly addresses: readonly string[]
  /** What is known of the reader; null: a sample. */
  readonly values: Readonly<Record<string, string>> | null
  readonly returnPath: ReturnPath | null
  /** Ms; the Date of the Messages. */
  readonly now: number
  /** What Tokens and Message-ID are made of: below 2^40, another each time. */
  readonly nextId: () => number
}

/** For each address a Message for each alternative, in that order. Throws when it cannot be written for anyone. */
export function writeTest({ addresses, values, nextId, ...options }: TestOptions): readonly TestMessage[] {
  const alternatives = listAlternatives(options.untracked.compiled, values)
  const prepared = alternatives.map((alternative, index) => ({
    alternative,
    issue: prepareTest(markOf(alternative, { index, of: alternatives.length }), options),
  }))
  return addresses.flatMap((to) =>
    prepared.map(({ alternative, issue }) => {
      const { name = '', address: _, ...attributes } = alternative.values
      const recipient = { deliveryId: nextId(), address: to, name, attributes }
      return {
        to,
        variant: alternative.label,
        subject: fillLine(issue.subject, (hole) => personValue(hole, recipient)),
        message: writeMessage(issue, recipient, SAMPLE_KEYS),
      }
    }),
  )
}

function prepareTest(
  mark: string,
  { untracked, hash, returnPath, now }: Pick<TestOptions, 'untracked' | 'hash' | 'returnPath' | 'now'>,
): PreparedIssue {
  const { compiled } = untracked
  const { publication } = compiled
  const pictures = findPictures(untracked)
  const field = { name: TEST_FIELD, value: `${compiled.slug} ${hash}` }
  const issue = prepareMessages({
    compiled: {
      ...compiled,
      publication: { ...publication, headers: [...(publication.headers ?? []), field] },
      subject: [`${mark} `, ...compiled.subject],
      html: pointToTestPage(pointInside(compiled.html, pictures), compiled),
      text: pointToTestPage(compiled.text, compiled),
    },
    hash,
    list: { name: 'test', title: 'Test' },
    sendId: 0,
    date: now,
    returnPath,
  })
  return { ...issue, frame: framePictures(issue.frame, pictures) }
}

/** `[Test]`, `[Test 2/4: with city]`. */
function markOf(
  { label }: Alternative,
  { index, of }: { readonly index: number; readonly of: number },
): string {
  if (label === null) return '[Test]'
  return of === 1 ? `[Test: ${label}]` : `[Test ${index + 1}/${of}: ${label}]`
}
