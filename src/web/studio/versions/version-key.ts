/** What a Version is named by in an address: `send:12`, `git:main`, `hash:3f9a21`. */

import { InputError } from '../../../errors.js'

export type VersionKey =
  | { readonly kind: 'send'; readonly id: number }
  /** A branch, a tag, a commit. */
  | { readonly kind: 'git'; readonly name: string }
  /** The first digits of a CompiledIssue's hash. */
  | { readonly kind: 'hash'; readonly prefix: string }

const KEY = /^(send|git|hash):(.{1,200})$/s
/** Fewer digits of a hash, and every other one begins so. */
const HASH = /^[0-9a-f]{6,64}$/

/** Throws InputError. */
export function readVersionKey(text: string): VersionKey {
  const [, kind, value = ''] = KEY.exec(text) ?? []
  const id = Number(value)
  if (kind === 'send' && Number.isSafeInteger(id) && id > 0) return { kind, id }
  if (kind === 'git') return { kind, name: value.trim() }
  if (kind === 'hash' && isHash(value)) return { kind, prefix: value }
  throw new InputError(
    `"${text.slice(0, 80)}" names no version; write send:12, git:main or hash: and six digits of it or more`,
  )
}

export function isHash(text: string): boolean {
  return HASH.test(text)
}
