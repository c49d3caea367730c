/** Any issue for anyone, signed: good as it left, in a verifier that is not ours, and not after a change. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordOf } from '../src/send/dkim/key.js'
import { makeSigner } from '../src/send/dkim/signer.js'
import { makeTestKey, TAMPERINGS, verifyDkim } from './rig/dkim.js'
import { messageFaults } from './rig/message-faults.js'
import { anyMessage, RUNS, write } from './rig/random-message.js'

const rsa = makeTestKey('example.org', 'news')
const ed25519 = makeTestKey('example.org', 'news-ed', null)
const records = [recordOf(rsa), recordOf(ed25519)]
const { sign } = makeSigner({ keys: new Map([['example.org', [rsa, ed25519]]]) })
const once = makeSigner({ keys: new Map([['example.org', [rsa]]]) })

async function resultsOf(bytes: Uint8Array): Promise<readonly string[]> {
  return (await verifyDkim(bytes, records)).map(({ result }) => result)
}

test('any issue for anyone is good in mailauth, and three tamperings with it fail', {
  timeout: 1_800_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyMessage, async (one) => {
      const message = write(one)

      const signed = await sign(message)

      // Two signatures are one field twice, which nothing else may be.
      expect(messageFaults(await once.sign(message))).toEqual([])
      expect(await resultsOf(signed.bytes)).toEqual(['pass', 'pass'])
      for (const tamper of TAMPERINGS) {
        const results = await resultsOf(tamper(signed.bytes))
        expect(results).toHaveLength(2)
        expect(results).not.toContain('pass')
      }
    }),
    { numRuns: RUNS },
  )
})
