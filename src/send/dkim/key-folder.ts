/** Where DKIM keys lie: `FOLDER/DOMAIN/SELECTOR.pem`. The newest of an algorithm signs; the others rest. */

import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseAddress } from '../../address.js'
import { InputError, messageOf, type Problem } from '../../errors.js'
import { type DkimKey, readKey, recordName, weaknessOf } from './key.js'
import type { SigningKeys } from './signer.js'

export interface StoredKey extends DkimKey {
  readonly file: string
  /** False: a newer one of the same domain and algorithm signs. */
  readonly signs: boolean
}

export interface StoredKeys {
  /** By domain; of each, those that sign first, RSA before Ed25519. */
  readonly keys: readonly StoredKey[]
  readonly signing: SigningKeys
  /** What a person should look at; each a sentence with its file. */
  readonly warnings: readonly string[]
}

/** An RSA key of 16,384 bits takes 13 KB. */
const MAX_KEY_BYTES = 65_536

interface KeyFile {
  readonly key: DkimKey
  readonly file: string
  readonly changedAt: number
}

/**
 * Reads every key below `folder`; one that is not there holds none. Throws one InputError naming every file that holds
 * no key to sign with, and every folder whose keys are for no domain.
 */
export function readDkimKeys(folder: string): StoredKeys {
  const domains = entriesOf(folder).filter((entry) => isFolder(folder, entry))
  const read = domains.map(({ name }) => readDomainFolder(folder, name))
  const problems = read.flatMap((one) => one.problems)
  if (problems.length > 0) throw new InputError(problems)
  const keys = read.flatMap((one) => one.keys)
  const signing = new Map<string, readonly DkimKey[]>()
  for (const key of keys) if (key.signs) signing.set(key.domain, [...(signing.get(key.domain) ?? []), key])
  return { keys, signing, warnings: read.flatMap((one) => one.warnings) }
}

/** Those of one domain; what is wrong with another's does not matter. Throws InputError as readDkimKeys does. */
export function readKeysOf(domain: string, folder: string): readonly StoredKey[] {
  const { keys, problems } = readDomainFolder(folder, domain)
  if (problems.length > 0) throw new InputError(problems)
  return keys
}

interface DomainFolder {
  readonly keys: readonly StoredKey[]
  readonly warnings: readonly string[]
  readonly problems: readonly Problem[]
}

function readDomainFolder(folder: string, domain: string): DomainFolder {
  const place = path.join(folder, domain)
  const selectors = selectorsIn(place)
  const problem = judgeDomain(domain)
  if (problem !== null && selectors.length > 0)
    return { keys: [], warnings: [], problems: [{ where: place, line: null, message: problem }] }
  const files = selectors.map((selector) =>
    readKeyFile(path.join(place, `${selector}.pem`), { domain, selector }),
  )
  return {
    keys: rank(files.flatMap(({ file }) => (file === null ? [] : [file]))),
    warnings: files.flatMap(({ warnings }) => warnings),
    problems: files.flatMap(({ problem }) => (problem === null ? [] : [problem])),
  }
}

/** Null when it is a domain as it stands in a signature. */
function judgeDomain(name: string): string | null {
  const parsed = parseAddress(`postmaster@${name}`)
  if (parsed.kind === 'refused') return `"${name}" is no domain name; write it like example.org`
  return parsed.domain === name ? null : `"${name}" would be ${parsed.domain} in DNS; write it so`
}

/** Null when it can be one: labels like those of a domain (RFC 6376 section 3.1). */
export function judgeSelector(selector: string, domain: string): string | null {
  const isName = selector.split('.').every((label) => /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i.test(label))
  if (!isName) return `"${selector}" is no selector; write letters, digits and hyphens, like news2026`
  return recordName({ domain, selector }).length > 253 ? `"${selector}" is too long a selector` : null
}

/** The selectors that have a file, in order; none where there is no such folder. */
export function selectorsIn(place: string): readonly string[] {
  return entriesOf(place)
    .filter(({ name }) => name.endsWith('.pem') && !name.startsWith('.'))
    .map(({ name }) => name.slice(0, -'.pem'.length))
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new InputError(
      [
        {
          where: folder,
          line: null,
          message: `can't be read as a folder of DKIM keys (${messageOf(error)})`,
        },
      ],
      { cause: error },
    )
  }
}

/** A secret that is mounted may be a link to a folder. */
function isFolder(folder: string, entry: Dirent): boolean {
  if (entry.name.startsWith('.')) return false
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  return statSync(path.join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory() ?? false
}

function readKeyFile(file: string, { domain, selector }: Pick<DkimKey, 'domain' | 'selector'>) {
  const problem = (message: string) => ({
    file: null,
    warnings: [],
    problem: { where: file, line: null, message },
  })
  const selectorProblem = judgeSelector(selector, domain)
  if (selectorProblem !== null) return problem(selectorProblem)
  let pem: string
  let mode: number
  let changedAt: number
  try {
    const stats = statSync(file)
    ;({ mode, mtimeMs: changedAt } = stats)
    // A pipe would be waited for without end, and /dev/zero read until memory is full.
    if (!stats.isFile()) return problem('is no file; put the key there itself, in PEM')
    if (stats.size > MAX_KEY_BYTES)
      return problem(`is larger than any key (${stats.size} bytes); put the key there, in PEM`)
    pem = readFileSync(file, 'latin1')
  } catch (error) {
    return problem(`can't be read (${messageOf(error)})`)
  }
  const read = readKey(pem, { domain, selector })
  if (read.kind === 'refused') return problem(read.reason)
  const weakness = weaknessOf(read.key)
  const warnings = [
    ...(weakness === null ? [] : [`${file}: ${weakness}`]),
    ...(isOpenToAll(mode) ? [`${file}: can be read by everyone on this machine; chmod 600 it`] : []),
  ]
  return { file: { key: read.key, file, changedAt }, warnings, problem: null }
}

/** Windows has no such modes. */
function isOpenToAll(mode: number): boolean {
  return process.platform !== 'win32' && (mode & 0o007) !== 0
}

/** The newest of each algorithm signs. */
function rank(files: readonly KeyFile[]): readonly StoredKey[] {
  const newestFirst = [...files].sort(
    (a, b) => b.changedAt - a.changedAt || (a.key.selector < b.key.selector ? 1 : -1),
  )
  const newest = new Map<string, KeyFile>()
  for (const one of newestFirst) if (!newest.has(one.key.algorithm)) newest.set(one.key.algorithm, one)
  const isSigning = (one: KeyFile) => newest.get(one.key.algorithm) === one
  const place = (one: KeyFile) => (isSigning(one) ? 0 : 2) + (one.key.algorithm === 'rsa-sha256' ? 0 : 1)
  return newestFirst
    .sort((a, b) => place(a) - place(b))
    .map((one) => ({ ...one.key, file: one.file, signs: isSigning(one) }))
}
