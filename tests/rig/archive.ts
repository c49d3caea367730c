/** An archive for tests: Issues that were sent, and corrections of them, in a database behind the public web. */

import type { CompiledIssue } from '../../src/compile/compiled.js'
import type { Db } from '../../src/db/db.js'
import { PLAIN_BRAND } from '../../src/issue/brand-file.js'
import type { Publication } from '../../src/issue/publication.js'
import { USUAL_TRACKING } from '../../src/issue/tracking.js'
import { type SeedSend, seedSend } from './seed.js'

export const DAY_MS = 86_400_000

/** Of whom the web knows; more as a test wants. */
export function publicationOf(more: Partial<Publication> = {}): Publication {
  return {
    name: 'The Harbour Brief',
    tagline: 'Ports, tides and who pays',
    from: null,
    replyTo: null,
    postalAddress: ['1 Quay Street', 'Norhaven'],
    lang: 'en',
    timeZone: 'UTC',
    template: 'digest',
    publicUrl: null,
    brand: PLAIN_BRAND,
    headers: [],
    attributes: [],
    segments: [],
    comments: 'on',
    tracking: USUAL_TRACKING,
    utm: null,
    ...more,
  }
}

/** A web page as a template makes one, around `article`. */
function pageOf(article: string, { title = 'T', description = '', lang = 'en' } = {}): string {
  return `<!doctype html><html lang="${lang}"><head><title>${title}</title><meta name="description" content="${description}"></head><body><header class="masthead">The Brief</header><main><article>${article}</article></main><footer>1 Quay Street</footer></body></html>`
}

export interface ArchiveRig {
  /** A finished Send of an Issue whose page says `article`. */
  send(slug: string, article: string, more?: Partial<SeedSend>): ReturnType<typeof seedSend>
  /** A version published without a Send. */
  correct(slug: string, article: string, correction: Correction): Promise<{ readonly hash: string }>
}

interface Correction {
  readonly note: string
  readonly at: number
  readonly issue?: Partial<CompiledIssue>
}

export function rigArchive({ query }: Db): ArchiveRig {
  const send: ArchiveRig['send'] = (slug, article, { issue, ...more } = {}) => {
    const title = issue?.title ?? `On ${slug}`
    const web = pageOf(article, { title, description: `About ${slug}` })
    return seedSend(query, {
      deliveries: [],
      state: 'finished',
      issue: { slug, title, web, ...issue },
      ...more,
    })
  }
  return {
    send,
    async correct(slug, article, { note, at, issue = {} }) {
      // Pinned as a Send pins, without one.
      const { hash, sendId } = await send(slug, article, { list: `Scratch ${at}`, now: at, issue })
      const { issue_id } = await query
        .deleteFrom('send')
        .where('id', '=', sendId)
        .returning('issue_id')
        .executeTakeFirstOrThrow()
      await query.insertInto('correction').values({ issue_id, compiled_hash: hash, note, at }).execute()
      return { hash }
    },
  }
}
