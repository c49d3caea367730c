/** Canonical JSON and the hash that names a CompiledIssue: keys sorted, no white space, whatever order it was built in. */

import { createHash } from 'node:crypto'
import type { CompiledIssue } from './compiled.js'

/** SHA-256 of the canonical JSON, hex. */
export function hashCompiled(compiled: CompiledIssue): string {
  return createHash('sha256').update(canonicalJson(compiled)).digest('hex')
}

/** JSON with sorted keys; the value is plain data (no undefined, no dates). */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sortKeys(inner) : inner))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)))
}
