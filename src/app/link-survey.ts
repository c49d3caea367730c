/** Asks many sites politely: few at once, one question at a time each, and nothing again that was answered today. */

import type { LinkLook } from '../compile/checks/link-answer.js'
import { isLasting } from '../compile/checks/link-answer.js'
import { groupBy } from '../group.js'
import { readLinkLooks, writeLinkLooks } from './link-memory.js'

const SITES_AT_ONCE = 4
/** A site that is silent so often is not asked further. */
const MOST_SILENCES = 2
const REMEMBERED_MS = 24 * 3_600_000

export interface SurveyContext {
  readonly look: (url: string) => Promise<LinkLook>
  /** `.data/links.json`; may be deleted at any time. */
  readonly file: string
  readonly now: () => number
}

/** Of each URL what asking came to. `urls` are http or https, each once. */
export async function surveyLinks(
  urls: readonly string[],
  { look, file, now }: SurveyContext,
): Promise<ReadonlyMap<string, LinkLook>> {
  const fresh = now() - REMEMBERED_MS
  const known = new Map([...(await readLinkLooks(file))].filter(([, { askedMs }]) => askedMs > fresh))
  const asked = await askSites(
    urls.filter((url) => !known.has(url)),
    look,
  )
  for (const [url, answer] of asked) if (isLasting(answer)) known.set(url, { askedMs: now(), look: answer })
  await writeLinkLooks(file, known)
  return new Map([...[...known].map(([url, remembered]) => [url, remembered.look] as const), ...asked])
}

async function askSites(
  urls: readonly string[],
  look: SurveyContext['look'],
): Promise<ReadonlyMap<string, LinkLook>> {
  const waiting = [...groupBy(urls, (url) => new URL(url).host).values()]
  const looks = new Map<string, LinkLook>()
  const askNext = async (): Promise<void> => {
    for (let site = waiting.shift(); site !== undefined; site = waiting.shift())
      for (const [url, answer] of await askSite(site, look)) looks.set(url, answer)
  }
  await Promise.all(Array.from({ length: SITES_AT_ONCE }, askNext))
  return looks
}

/** One after the other. */
async function askSite(
  urls: readonly string[],
  look: SurveyContext['look'],
): Promise<readonly (readonly [string, LinkLook])[]> {
  const looks: (readonly [string, LinkLook])[] = []
  let silences = 0
  for (const url of urls) {
    const isGivenUp = silences >= MOST_SILENCES
    const answer: LinkLook = isGivenUp
      ? { kind: 'silent', why: 'the site has not answered before' }
      : await look(url)
    silences = answer.kind === 'silent' ? silences + 1 : 0
    looks.push([url, answer])
  }
  return looks
}
