/** Any issue for anyone, as Python's email package reads it: random Messages in every script. */

import { isAscii } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyMessage, asRead, type Meaning, meaningOf, RUNS, write } from '../rig/random-message.js'

/** A line of JSON a file; messages are many, and starting Python takes longer than reading one. */
const READ = `
import email, email.policy, glob, json, os, sys
for name in sorted(glob.glob(os.path.join(sys.argv[1], '*.eml'))):
    with open(name, 'rb') as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    text, html = [part.get_payload(decode=True).decode('utf-8') for part in message.iter_parts()]
    print(json.dumps({
      'meaning': {'subject': message['subject'], 'text': text, 'html': html},
      'types': [part.get_content_type() for part in message.walk()],
      'to': message['to'].addresses[0].addr_spec.encode('utf-8', 'surrogateescape').decode('utf-8'),
      'defects': [str(d) for p in message.walk() for d in p.defects] + [str(d) for v in message.values() for d in v.defects],
    }))`

interface Read {
  readonly meaning: Meaning
  readonly types: readonly string[]
  readonly to: string
  readonly defects: readonly string[]
}

/** Python calls so in every header what RFC 6532 section 3.2 allows where SMTPUTF8 is used. */
const ALLOWED_WITH_SMTPUTF8 = [
  'local-part contains non-ASCII characters)',
  'Non-ASCII characters found in header token',
]

const CHUNK = 250
const seed = Number(process.env.PRESSRUN_SEED ?? Date.now() % 2 ** 31)

test(`any issue for anyone reads in Python as it was meant, seed ${seed}`, { timeout: 1_800_000 }, () => {
  const cases = fc.sample(anyMessage, { numRuns: RUNS, seed })

  for (let start = 0; start < cases.length; start += CHUNK) {
    const chunk = cases.slice(start, start + CHUNK)
    for (const [index, read] of readInPython(chunk.map((one) => write(one).bytes)).entries()) {
      const one = chunk[index]
      if (one === undefined) throw new Error('Python read a message too many')
      expect(asRead(read.meaning), `message ${start + index}`).toEqual(asRead(meaningOf(one)))
      expect(read.types).toEqual(['multipart/alternative', 'text/plain', 'text/html'])
      expect(read.to).toBe(one.recipient.address)
      const allowed = isAscii(Buffer.from(one.recipient.address)) ? [] : ALLOWED_WITH_SMTPUTF8
      expect(
        read.defects.filter((defect) => !allowed.includes(defect)),
        `message ${start + index}`,
      ).toEqual([])
    }
  }
})

function readInPython(messages: readonly Uint8Array[]): readonly Read[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-messages-'))
  try {
    for (const [index, bytes] of messages.entries())
      writeFileSync(path.join(folder, `${String(index).padStart(6, '0')}.eml`), bytes)
    const printed = execFileSync('python3', ['-c', READ, folder], { encoding: 'utf8', maxBuffer: 2 ** 30 })
    return printed
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Read)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
