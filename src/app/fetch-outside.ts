/**
 * Fetches a small text from the world outside: a provider's certificate, an answer to its question. No redirect is followed, and
 * no address of this network is connected to.
 */

import { lookup } from 'node:dns/promises'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isInner } from '../address-range.js'
import { VERSION } from '../version.js'
import { guardedLookup, type NetworkGuard, refuseInner } from './network-guard.js'

const TIMEOUT_MS = 10_000
/** A chain of certificates is a tenth of it. */
const MAX_BYTES = 65_536

export const WORLD: NetworkGuard = {
  mayConnect: (ip) => !isInner(ip),
  resolve: (host) => lookup(host, { all: true }),
}

/** `url` is http or https. Throws with a reason when there is no 200, or the answer is too long. */
export async function fetchOutside(url: string, guard: NetworkGuard = WORLD): Promise<string> {
  const inner = refuseInner(url, guard)
  if (inner !== null) throw new Error(`${url.slice(0, 200)} was not fetched: ${inner}`)
  const { request } = url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      agent: false,
      lookup: guardedLookup(guard),
      headers: { 'user-agent': `pressrun/${VERSION}`, accept: '*/*' },
    })
    asked.on('response', (response) => {
      readText(response).then(resolve, (error: unknown) => {
        asked.destroy()
        reject(error)
      })
    })
    asked.on('error', (cause) => reject(new Error(`${url.slice(0, 200)} was not fetched`, { cause })))
    asked.end()
  })
}

async function readText(response: IncomingMessage): Promise<string> {
  if (response.statusCode !== 200) throw new Error(`it was answered with ${response.statusCode}, not 200`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) throw new Error(`the answer is longer than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
