/** Any issue for anyone: random Messages in every script against two parsers and the raw bytes. */

import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { messageFaults } from './rig/message-faults.js'
import { anyMessage, asRead, meaningOf, RUNS, write } from './rig/random-message.js'

const timeout = 60_000 + RUNS * 100

test('V21: every message of a mixed corpus has CRLF alone, lines of 998 at most, and each field once', {
  timeout,
}, () => {
  fc.assert(
    fc.property(anyMessage, (one) => {
      expect(messageFaults(write(one))).toEqual([])
    }),
    { numRuns: RUNS },
  )
})

test('any issue for anyone reads in postal-mime as it was meant', { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(anyMessage, async (one) => {
      const { subject = '', text = '', html = '' } = await PostalMime.parse(write(one).bytes)

      expect(asRead({ subject, text, html })).toEqual(asRead(meaningOf(one)))
    }),
    { numRuns: RUNS },
  )
})

test('any issue for anyone reads in mailparser as it was meant', { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(anyMessage, async (one) => {
      const { subject = '', text = '', html } = await simpleParser(Buffer.from(write(one).bytes), AS_IT_IS)

      expect(asRead({ subject, text, html: html || '' })).toEqual(asRead(meaningOf(one)))
    }),
    { numRuns: RUNS },
  )
})

/** mailparser would make one part of the other, and links of addresses. */
const AS_IT_IS = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true }
