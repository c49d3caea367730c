/** Comments as readers and the editor make them: over HTTP, by the mailbox's yes, by command. */

import { decideCommand } from '../../src/commands/comments-decide.js'
import { parsePublication } from '../../src/issue/publication-file.js'
import { commentOf, noticeOf } from './links.js'
import { noticesIn } from './rows.js'
import { type SeedSend, seedSend } from './seed.js'
import { openWebPlace, type WebPlace } from './web-place.js'

/** Of the Issue that is sent when nothing else is said. */
export const SLUG = '2026-03-01-cranes'

/** The form below that Issue, as the Message of a Delivery leads to it. */
export const formOf = (deliveryId: number | undefined, slug = SLUG) => commentOf(deliveryId, slug)

export interface CommentPlace extends WebPlace {
  /** The publication's file; another one counts from the next request on. */
  tellPublication(source: string): void
  /** Sends the Issue to Alice and Dora; ids of the Deliveries. */
  seed(more?: Partial<SeedSend>): ReturnType<typeof seedSend>
  say(path: string, fields: Readonly<Record<string, string>>): Promise<Response>
  /** Says something for the first time and confirms it by the mail. */
  sayAndConfirm(deliveryId: number | undefined, words: { name: string; text: string }): Promise<void>
  /** The public page of the Issue. */
  shownAt(slug?: string): Promise<string>
  /** By Ada, the editor. */
  decide(to: 'shown' | 'hidden' | 'held', ...ids: readonly string[]): ReturnType<typeof decideCommand>
}

export async function openCommentPlace(): Promise<CommentPlace> {
  let source = 'name: The Harbour Brief\n'
  const publication = async () => parsePublication({ file: 'newsletter.yaml', source })
  const web = await openWebPlace({ time: 1_000_000, more: () => ({ publication }) })
  const say: CommentPlace['say'] = (path, fields) => web.ask(path, { fields })
  return Object.assign(web, {
    tellPublication(another: string) {
      source = another
    },
    seed: (more: Partial<SeedSend> = {}) =>
      seedSend(web.db.query, { deliveries: [{ who: 'alice' }, { who: 'dora' }], ...more }),
    say,
    async sayAndConfirm(deliveryId: number | undefined, words: { name: string; text: string }) {
      await say(formOf(deliveryId), words)
      const notice = (await noticesIn(web.db)).at(-1)
      await web.ask(noticeOf(notice?.id), { method: 'POST' })
    },
    shownAt: (slug = SLUG) => web.read(`/issues/${slug}`),
    decide: (to: 'shown' | 'hidden' | 'held', ...ids: readonly string[]) =>
      decideCommand({ ids, to, by: 'Ada' }, web),
  })
}
