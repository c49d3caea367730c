/** Asks the public URL as a receiver would. Nothing there is changed: the Token of the POST is none. */

import type { HttpLook, SiteLook } from '../doctor/site.js'
import { messageOf } from '../errors.js'
import { type Keys, knowsSigningKey } from '../link/token.js'

const TIMEOUT_MS = 10_000
/** More than `/health` ever says; the rest is not read. */
const MAX_BODY_BYTES = 16_384
const NO_TOKEN = 'doctor'

export interface LookedAt {
  readonly look: SiteLook
  /** The Date of the answer and when it was asked for, ms since 1970. */
  readonly date: { readonly theirs: number; readonly asked: number } | null
}

/** `keys` null: there are none to compare with. */
export async function lookAtSite(
  publicUrl: string,
  { keys, nonce, now }: { readonly keys: Keys | null; readonly nonce: string; readonly now: () => number },
): Promise<LookedAt> {
  const before = now()
  const health = await ask(`${publicUrl}/health?nonce=${nonce}`, {})
  const asked = (before + now()) / 2
  const oneClick = await ask(`${publicUrl}/u/${NO_TOKEN}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  const proofs = health.kind === 'answered' ? proofsIn(health.body) : null
  return {
    look: {
      health,
      oneClick,
      secret: compare(proofs, { keys, nonce }),
    },
    date: health.kind === 'answered' && health.date !== null ? { theirs: health.date, asked } : null,
  }
}

function compare(
  proofs: readonly string[] | null,
  { keys, nonce }: { readonly keys: Keys | null; readonly nonce: string },
): SiteLook['secret'] {
  if (keys === null) return 'unknown'
  if (proofs === null) return 'unproven'
  return knowsSigningKey(keys, nonce, proofs) ? 'same' : 'other'
}

type Asked =
  | Extract<HttpLook, { kind: 'unreachable' }>
  | (Extract<HttpLook, { kind: 'answered' }> & { readonly date: number | null })

async function ask(url: string, request: RequestInit): Promise<Asked> {
  try {
    const response = await fetch(url, {
      ...request,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const date = Date.parse(response.headers.get('date') ?? '')
    return {
      kind: 'answered',
      status: response.status,
      location: response.headers.get('location'),
      body: await readSome(response),
      date: Number.isNaN(date) ? null : date,
    }
  } catch (error) {
    return { kind: 'unreachable', cause: causeOf(error) }
  }
}

async function readSome({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MAX_BODY_BYTES) break
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** fetch says "fetch failed", and its cause why. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error && cause.name === 'TimeoutError')
    return `no answer within ${TIMEOUT_MS / 1_000} s`
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return code !== '' && code !== 'undefined' ? code : messageOf(cause)
}

/** Null when the answer holds none. */
function proofsIn(body: string): readonly string[] | null {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer !== 'object' || answer === null || !('proofs' in answer)) return null
    return Array.isArray(answer.proofs) ? answer.proofs.map(String) : null
  } catch {
    // Whatever answered is not ours.
    return null
  }
}
