/** New DKIM keys for a domain, written beside those that are there; never over one. */

import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseAddress } from '../../address.js'
import { InputError } from '../../errors.js'
import { MAX_RSA_BITS, MIN_RSA_BITS, makeKeyPem } from './key.js'
import { judgeSelector, readKeysOf, type StoredKey, selectorsIn } from './key-folder.js'

export interface KeyRequest {
  /** As a person writes it; in any script. */
  readonly domain: string
  /** Null: one made of the date, that is free. */
  readonly selector: string | null
  /** Of the RSA key. */
  readonly bits: number
  /** An Ed25519 key too; alone, beside an RSA key that is there. */
  readonly withEd25519: boolean
}

export interface KeyPlace {
  readonly folder: string
  readonly now: () => number
}

export interface MadeKeys {
  readonly made: readonly StoredKey[]
  /** Selectors that have signed until now, and rest from the next start on. */
  readonly replaced: readonly string[]
}

/** Throws InputError, and writes nothing, when the domain, the selector or the size is none, or a file is there. */
export function makeDkimKeys(request: KeyRequest, { folder, now }: KeyPlace): MadeKeys {
  const domain = readDomain(request.domain)
  const { bits } = request
  if (!Number.isInteger(bits) || bits < MIN_RSA_BITS || bits > MAX_RSA_BITS)
    throw new InputError(
      `--bits: has to be from ${MIN_RSA_BITS} to ${MAX_RSA_BITS}; 2048 is what receivers ask for`,
    )
  const before = readKeysOf(domain, folder)
  const place = path.join(folder, domain)
  const wanted = plan(request, { domain, before, taken: selectorsIn(place), now })
  mkdirSync(place, { recursive: true, mode: 0o700 })
  for (const { selector, bits } of wanted) writeKey(path.join(place, `${selector}.pem`), makeKeyPem(bits))
  const after = readKeysOf(domain, folder)
  return {
    made: after.filter((key) => wanted.some(({ selector }) => selector === key.selector)),
    replaced: before
      .filter(({ signs, selector }) => signs && !after.some((key) => key.selector === selector && key.signs))
      .map(({ selector }) => selector),
  }
}

/** In lower-case A-labels. */
export function readDomain(text: string): string {
  const parsed = parseAddress(`postmaster@${text}`)
  if (parsed.kind === 'address') return parsed.domain
  throw new InputError(
    `"${text}" is no domain name; write the one behind the @ of the From address, as example.org`,
  )
}

interface Planned {
  readonly selector: string
  /** Null: Ed25519. */
  readonly bits: number | null
}

function plan(
  { selector, bits, withEd25519 }: KeyRequest,
  {
    domain,
    before,
    taken,
    now,
  }: {
    readonly domain: string
    readonly before: readonly StoredKey[]
    readonly taken: readonly string[]
    readonly now: () => number
  },
): readonly Planned[] {
  const hasRsa = before.some(({ algorithm }) => algorithm === 'rsa-sha256')
  const first = selector ?? freeSelector(taken, now)
  const wanted: readonly Planned[] = !withEd25519
    ? [{ selector: first, bits }]
    : hasRsa
      ? [{ selector: first, bits: null }]
      : [
          { selector: first, bits },
          { selector: `${first}-ed`, bits: null },
        ]
  for (const one of wanted) {
    const problem = judgeSelector(one.selector, domain)
    if (problem !== null) throw new InputError(`--selector: ${problem}`)
    if (taken.includes(one.selector)) throw isThere(domain, one.selector)
  }
  return wanted
}

/** `pr20261125`, `pr20261125-2` …: a name nobody has used, so that an old record never answers for a new key. */
function freeSelector(taken: readonly string[], now: () => number): string {
  const day = `pr${new Date(now()).toISOString().slice(0, 10).replaceAll('-', '')}`
  for (let count = 1; ; count++) {
    const name = count === 1 ? day : `${day}-${count}`
    if (!taken.includes(name) && !taken.includes(`${name}-ed`)) return name
  }
}

/** Whole or not at all, and never over another. */
function writeKey(file: string, pem: string): void {
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, pem, { mode: 0o600, flush: true })
  try {
    linkSync(temporary, file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw isThere(path.basename(path.dirname(file)), path.basename(file, '.pem'))
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

function isThere(domain: string, selector: string): InputError {
  return new InputError(
    `--selector: ${domain} has a key "${selector}" already, which is never written over; name another, ` +
      `or see it with pressrun dkim show ${domain}`,
  )
}
