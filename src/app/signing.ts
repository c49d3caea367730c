/** Signing: the DKIM keys of this root, read once, and what a person should know about them. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import type { Log } from '../log.js'
import { readDkimKeys, type StoredKeys } from '../send/dkim/key-folder.js'
import { findSigningKeys, makeSigner, type Signer } from '../send/dkim/signer.js'

type Place = Pick<Config, 'dataDir' | 'dkimFolder'>

/** Throws InputError for a key that can't sign, and for a DKIM_FOLDER that is not there. */
export function readSigningKeys({ dataDir, dkimFolder }: Place): StoredKeys {
  if (dkimFolder !== path.join(dataDir, 'dkim') && !existsSync(dkimFolder))
    throw new InputError(`DKIM_FOLDER: there is no folder ${dkimFolder}`)
  return readDkimKeys(dkimFolder)
}

/** Reads the keys and says who signs with what. A From domain without a key is no error: the relay may sign. */
export function openSigner(place: Place, log: Log): Signer['sign'] {
  const { keys, signing, warnings } = readSigningKeys(place)
  for (const warning of warnings) log.warn(warning)
  for (const { domain, selector, algorithm, bits, signs } of keys)
    if (signs) log.info({ domain, selector, algorithm, bits }, 'messages from this domain are signed')
  if (signing.size === 0) {
    log.info('there are no DKIM keys: messages go out unsigned')
    return async (message) => message
  }
  return makeSigner({
    keys: signing,
    onUnsigned: (domain) =>
      log.warn({ domain }, 'messages from this domain go out unsigned: it has no DKIM key'),
  }).sign
}

/** A sentence where messages from that domain are not signed here; null where they are. */
export function describeUnsigned(domain: string, place: Place): string | null {
  if (findSigningKeys(readSigningKeys(place).signing, domain).length > 0) return null
  return `not signed here: no DKIM key for ${domain}; right if the relay signs, else pressrun dkim new ${domain} makes one`
}
