/** Drafts: what is known of each issue while it is written. A broken one keeps the last picture that was whole. */

import { EventEmitter } from 'node:events'
import type { Finding } from '../../compile/checks/finding.js'
import { namesIn } from '../../compile/checks/samples.js'
import type { Picture } from '../../compile/picture.js'
import { InputError, type Problem } from '../../errors.js'
import type { DraftFacts, DraftView, LiveEvents } from './api.js'
import type { StudioContext } from './context.js'

export interface Draft {
  readonly slug: string
  readonly version: number
  readonly picture: Picture | null
  readonly problems: readonly Problem[]
  readonly findings: readonly Finding[] | null
}

export type Live = EventEmitter<{ [K in keyof LiveEvents]: [LiveEvents[K]] }>

export interface Drafts {
  readonly live: Live
  /** Draws it when nobody has asked for it yet. Throws InputError when there is no such issue. */
  get(slug: string): Promise<Draft>
  /** Draws anew what has been asked for, since files changed. */
  redraw(changedAt: number): Promise<void>
}

export function openDrafts({ draw, check, now, log }: StudioContext): Drafts {
  const live: Live = new EventEmitter()
  const drafts = new Map<string, Draft>()

  async function get(slug: string): Promise<Draft> {
    return drafts.get(slug) ?? drawOne(slug, now())
  }

  async function redraw(changedAt: number): Promise<void> {
    await Promise.all([...drafts.keys()].map((slug) => drawOne(slug, changedAt)))
  }

  async function drawOne(slug: string, changedAt: number): Promise<Draft> {
    const before = drafts.get(slug) ?? { slug, version: 0, picture: null, problems: [], findings: null }
    const draft = await drawOver(before)
    drafts.set(slug, draft)
    live.emit('draft', { draft: viewOf(draft), changedAt })
    if (draft.problems.length === 0)
      look(draft).catch((error) => log.error({ err: error, slug }, 'no findings'))
    return draft
  }

  async function drawOver(before: Draft): Promise<Draft> {
    try {
      const picture = await draw(before.slug)
      return { ...before, version: before.version + 1, picture, problems: [], findings: null }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return { ...before, problems: error.problems }
    }
  }

  async function look({ slug, version }: Draft): Promise<void> {
    const { findings } = await check(slug)
    const draft = drafts.get(slug)
    if (draft?.version !== version) return
    const looked = { ...draft, findings }
    drafts.set(slug, looked)
    live.emit('findings', { draft: viewOf(looked) })
  }

  return { live, get, redraw }
}

export function viewOf({ slug, version, picture, problems, findings }: Draft): DraftView {
  const file = picture?.file ?? `issues/${slug}.md`
  return { slug, file, version, problems, findings, facts: picture === null ? null : factsOf(picture) }
}

function factsOf({ compilation: { compiled, hash }, preheader }: Picture): DraftFacts {
  const { title, number, date, lang, publication, links, subject, html, text } = compiled
  const names = namesIn([...subject, ...preheader, ...html, ...text])
  return {
    title,
    number,
    date,
    lang,
    hash,
    from: publication.from,
    names,
    links: links.map(({ index, url }) => ({ index, url })),
  }
}
