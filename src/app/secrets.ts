/** The secrets that Tokens and Suppressions hang on: said by the configuration, or made and kept for local use. */

import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config.js'
import { makeDataDir } from '../data-dir.js'
import type { Db, Query } from '../db/db.js'
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
  makeDataDir(dataDir)
  if (!existsSync(file)) makeSecret(file)
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < 32)
    throw new InputError(
      `${file}: is damaged; put back the one from a backup, or remove it if nothing was sent yet`,
    )
  return [secret]
}

/** Whole or not at all: a secret that a full disk has cut short would sign for anyone. The first of two wins. */
function makeSecret(file: string): void {
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, randomBytes(32).toString('hex'), { mode: 0o600, flush: true })
  try {
    linkSync(temporary, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Suppressions are hashed with the ring's oldest key; without it nobody could tell whom not to mail. */
export async function holdToFirstKey({ query }: Db, keys: Keys, { dataDir }: Config): Promise<void> {
  const value = hashAddress(keys, 'pressrun')
  const first = (await readFirst(query)) ?? (await writeFirst(query, value))
  if (first !== value)
    throw new InputError(
      'PRESSRUN_SECRET: does not end with the secret this database began with, which Suppressions are hashed with; ' +
        `append it after a comma (a secret made for local use is in ${path.join(dataDir, 'secret')})`,
    )
}

const OLDEST_KEY = 'oldest key'

async function readFirst(query: Query): Promise<string | null> {
  const row = await query.selectFrom('meta').select('value').where('key', '=', OLDEST_KEY).executeTakeFirst()
  return row?.value ?? null
}

/** The first of two wins. */
async function writeFirst(query: Query, value: string): Promise<string> {
  await query
    .insertInto('meta')
    .values({ key: OLDEST_KEY, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return (await readFirst(query)) ?? value
}
