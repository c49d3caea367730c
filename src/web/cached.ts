/**
 * An answer that anyone may keep: with an entity tag, compressed for who takes it, and 304 for who has it already
 * (RFC 9110 section 13). A tag is the hash of the body, so it changes with whatever the body is made of.
 */

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Context } from 'hono'
import type { WebEnv } from './env.js'

export interface Cached {
  readonly body: string | Uint8Array<ArrayBuffer>
  /** Content-Type */
  readonly type: string
  readonly maxAgeS: number
  /** In ms; null where the hash alone knows. */
  readonly changedAt?: number | null
}

/** Below, the header of gzip is most of it. */
const MIN_GZIP_BYTES = 1_000
const COMPRESSIBLE = /^(?:text\/|application\/(?:[\w.]+\+)?(?:xml|json))/

const compress = promisify(gzip)

/** Headers that are set before stay. */
export async function answerCached(
  c: Context<WebEnv>,
  { body, type, maxAgeS, changedAt = null }: Cached,
): Promise<Response> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const isCompressible = COMPRESSIBLE.test(type) && bytes.length >= MIN_GZIP_BYTES
  const isCompressed = isCompressible && takesGzip(c.req.header('accept-encoding') ?? '')
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 27)
  c.header('ETag', isCompressed ? `"${hash}-gzip"` : `"${hash}"`)
  c.header('Cache-Control', `public, max-age=${maxAgeS}`)
  if (changedAt !== null) c.header('Last-Modified', new Date(changedAt).toUTCString())
  if (isCompressible) c.header('Vary', 'Accept-Encoding', { append: true })
  if (hasAlready(c, hash, changedAt)) return c.body(null, 304)
  c.header('Content-Type', type)
  if (!isCompressed) return c.body(bytes)
  c.header('Content-Encoding', 'gzip')
  return c.body(new Uint8Array(await compress(bytes)))
}

/** If-Modified-Since counts only without If-None-Match (RFC 9110 section 13.1.3). */
function hasAlready(c: Context<WebEnv>, hash: string, changedAt: number | null): boolean {
  const tags = c.req.header('if-none-match')
  if (tags !== undefined)
    return tags
      .split(',')
      .map((tag) => tag.trim().replace(/^W\//, ''))
      .some((tag) => tag === '*' || tag === `"${hash}"` || tag === `"${hash}-gzip"`)
  const since = Date.parse(c.req.header('if-modified-since') ?? '')
  return changedAt !== null && Math.floor(changedAt / 1000) * 1000 <= since
}

function takesGzip(header: string): boolean {
  return header.split(',').some((coding) => {
    const [name, ...parameters] = coding
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/)
    return (name === 'gzip' || name === '*') && !parameters.some((one) => /^q=0(?:\.0*)?$/.test(one))
  })
}
