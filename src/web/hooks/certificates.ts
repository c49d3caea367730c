/** Certificates that SNS signs with, fetched once each. Whoever posts here names one, so how many are fetched is bounded. */

import { X509Certificate } from 'node:crypto'

/** It changes about once a year. */
const KEPT_MS = 24 * 3_600_000
const MAX_KEPT = 10
/** Within ten minutes. */
const MAX_FETCHES = 10
const SPAN_MS = 600_000

export interface Certificates {
  /** Null: it could not be had for now, or is none that is valid now. `url` has been judged. */
  get(url: string): Promise<X509Certificate | null>
}

export interface CertificatesContext {
  /** Throws when there is no answer. */
  readonly fetchText: (url: string) => Promise<string>
  readonly now: () => number
}

export function openCertificates({ fetchText, now }: CertificatesContext): Certificates {
  const kept = new Map<string, { readonly found: Promise<X509Certificate | null>; readonly at: number }>()
  let fetches: number[] = []

  async function fetchOne(url: string): Promise<X509Certificate | null> {
    try {
      return readCertificate(await fetchText(url), now())
    } catch {
      // The provider comes again, and so does the fetch.
      kept.delete(url)
      return null
    }
  }

  return {
    get(url) {
      const known = kept.get(url)
      if (known !== undefined && known.at > now() - KEPT_MS) return known.found
      fetches = fetches.filter((at) => at > now() - SPAN_MS)
      if (fetches.length >= MAX_FETCHES) return Promise.resolve(null)
      fetches.push(now())
      const found = fetchOne(url)
      kept.delete(url)
      kept.set(url, { found, at: now() })
      const [oldest] = kept.keys()
      if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest)
      return found
    },
  }
}

function readCertificate(pem: string, now: number): X509Certificate | null {
  const certificate = new X509Certificate(pem)
  const isNow = Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo)
  return isNow && certificate.publicKey.asymmetricKeyType === 'rsa' ? certificate : null
}
