/** `message.eml`: the Message as a subscriber of whom nothing is known would get it. */

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Compilation } from '../compile/compiled.js'
import type { Signer } from '../send/dkim/signer.js'
import { writeSample } from '../send/sample-message.js'

/** Returns the path. Same Compilation, same keys: the same bytes. Signed at the time it is dated. */
export async function writeSampleMessage(
  compilation: Compilation,
  outDir: string,
  { sign }: Signer,
): Promise<string> {
  const file = path.join(outDir, 'message.eml')
  const { bytes } = await sign(writeSample(compilation))
  await writeFile(file, bytes)
  return file
}
