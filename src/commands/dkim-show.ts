/** `pressrun dkim show`: the keys of a domain and their DNS records. */

import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import { describeKey, recordOf } from '../send/dkim/key.js'
import type { StoredKey } from '../send/dkim/key-folder.js'
import { readKeysOf } from '../send/dkim/key-folder.js'
import { readDomain } from '../send/dkim/new-key.js'

export interface KeyAnswer {
  readonly domain: string
  readonly selector: string
  readonly algorithm: string
  readonly bits: number | null
  readonly kind: string
  readonly file: string
  /** False: a newer one signs; its record is still needed for what it has signed. */
  readonly signs: boolean
  readonly record: {
    readonly type: 'TXT'
    readonly name: string
    readonly value: string
    readonly zone: string
  }
}

/** Throws InputError when the domain has no key. */
export function showKeys(domainText: string, { dkimFolder }: Config): readonly KeyAnswer[] {
  const domain = readDomain(domainText)
  const keys = readKeysOf(domain, dkimFolder)
  if (keys.length === 0)
    throw new InputError(`${domain} has no key in ${dkimFolder}; pressrun dkim new ${domain} makes one`)
  return describeKeys(keys)
}

export function describeKeys(keys: readonly StoredKey[]): readonly KeyAnswer[] {
  return keys.map((key) => {
    const { domain, selector, algorithm, bits, file, signs } = key
    const record = { type: 'TXT' as const, ...recordOf(key) }
    return { domain, selector, algorithm, bits, kind: describeKey(key), file, signs, record }
  })
}

export function printKey({ kind, file, signs, record }: KeyAnswer): string {
  return `${kind}${signs ? '' : ', no longer signs: a newer key does'}
  file   ${file}
  name   ${record.name}
  type   TXT
  value  ${record.value}
  for a zone file:
${record.zone}
`
}
