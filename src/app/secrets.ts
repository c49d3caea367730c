/** The secrets that Tokens and Suppressions hang on: said by the configuration, or made and kept for local use. */

import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config.js'
import type { Db } from '../db/db.js'
import { InputError } from '../errors.js'
import { hashAddress, type Keys } from '../link/token.js'

/** With a real transport the secret has to be said; for local use one is made and kept. */
export function readSecrets({ secrets, smtpUrl, dataDir }: Config): readonly string[] {
  if (secrets !== null) return secrets
  if (smtpUrl !== null)
    throw new InputError(
      'PRESSRUN_SECRET: is missing; links in sent mail are signed with it (openssl rand -hex 32 makes one)',
    )
  const file = path.join(dataDir, 'secret')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  } catch {
    // It is there already.
  }
  return [readFileSync(file, 'utf8').trim()]
}

/** Suppressions are hashed with the ring's oldest key; without it nobody could tell whom not to mail. */
export async function holdToFirstKey({ query }: Db, keys: Keys, { dataDir }: Config): Promise<void> {
  const value = hashAddress(keys, 'pressrun')
  await query
    .insertInto('meta')
    .values({ key: 'oldest key', value })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { value: first } = await query
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'oldest key')
    .executeTakeFirstOrThrow()
  if (first !== value)
    throw new InputError(
      'PRESSRUN_SECRET: does not end with the secret this database began with, which Suppressions are hashed with; ' +
        `append it after a comma (a secret made for local use is in ${path.join(dataDir, 'secret')})`,
    )
}
