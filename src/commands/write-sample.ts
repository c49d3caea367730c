/** `message.eml`: the Message as a subscriber of whom nothing is known would get it. Its Tokens verify nowhere. */

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Compilation } from '../compile/compiled.js'
import { makeKeys } from '../link/token.js'
import type { Signer } from '../send/dkim/signer.js'
import { prepareMessages, writeMessage } from '../send/message.js'

const SAMPLE_KEYS = makeKeys(['a sample: no engine signs or accepts anything with this'])

/** Returns the path. Same Compilation, same keys: the same bytes. Signed at noon of the date, as it is dated. */
export async function writeSampleMessage(
  { compiled, hash }: Compilation,
  outDir: string,
  { sign }: Signer,
): Promise<string> {
  const prepared = prepareMessages({
    compiled,
    hash,
    list: { name: 'sample', title: 'Sample' },
    sendId: 0,
    date: Date.parse(`${compiled.date}T12:00:00Z`),
  })
  const recipient = { deliveryId: 0, address: 'reader@example.com', name: '', attributes: {} }
  const file = path.join(outDir, 'message.eml')
  const { bytes } = await sign(writeMessage(prepared, recipient, SAMPLE_KEYS))
  await writeFile(file, bytes)
  return file
}
