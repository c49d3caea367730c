/**
 * Drafts: what is known of each issue while it is written. Those that a page shows are drawn as they change, others when
 * they are asked for; the picture comes first, its findings after. A broken one keeps the last picture that was whole.
 */

import { EventEmitter } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Finding } from '../../compile/checks/finding.js'
import { namesIn } from '../../compile/checks/samples.js'
import type { Picture } from '../../compile/picture.js'
import { InputError, messageOf, type Problem } from '../../errors.js'
import type { DraftFacts, DraftView, LiveEvents } from './api.js'
import type { StudioContext } from './context.js'
import type { Change } from './watch.js'

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
  /** As it is now, or, while a page shows it, as it was last told. Throws InputError for what can be no slug. */
  get(slug: string): Promise<Draft>
  /** A page shows it from now on, until what is returned is called. */
  show(slug: string): () => void
  change(change: Change): void
  /** Nothing is drawn or told any more. */
  close(): void
}

export interface DraftsContext extends Pick<StudioContext, 'draw' | 'check' | 'now' | 'log'> {
  /** Whatever has changed on the disk has been told by `change` when it resolves. */
  readonly look: () => Promise<void>
}

/** What changed again while it was drawn may be half a file: for so long the newer one is drawn first. */
const PATIENCE_MS = 500
/** Longer than the files of one that is being saved may be away (`watch.ts`). */
const DOUBT_MS = 250
/** Of those that no page shows. */
const MAX_KEPT = 6
/** `2026-12-01-harbour`; nothing that leads out of issues/. */
const SLUG = /^[^/\\\0.][^/\\\0]{0,199}$/

interface Entry {
  draft: Draft
  /** When the files changed that no picture shows yet; null: it is of what there is. */
  changedAt: number | null
  /** When they changed again while it was drawn. */
  againAt: number | null
  drawing: Promise<void> | null
  isChecking: boolean
  pages: number
}

export function openDrafts({ draw, check, now, log, look }: DraftsContext): Drafts {
  const live: Live = new EventEmitter()
  live.setMaxListeners(0)
  const entries = new Map<string, Entry>()
  let isClosed = false

  async function get(slug: string): Promise<Draft> {
    const entry = entryOf(slug)
    if (entry.pages === 0) {
      await look()
      await catchUp(entry)
    } else if (!isDrawn(entry)) await catchUp(entry)
    forgetSome()
    return entry.draft
  }

  function show(slug: string): () => void {
    const entry = entryOf(slug)
    entry.pages++
    void catchUp(entry)
    return () => {
      entry.pages--
    }
  }

  function change({ files, changedAt }: Change): void {
    const slugs = [...files].map(slugOfFile)
    const isShared = slugs.includes(null)
    for (const [slug, entry] of entries) {
      // A number that two issues bear breaks both; mending one mends the other.
      if (!isShared && !slugs.includes(slug) && entry.draft.problems.length === 0) continue
      if (entry.drawing !== null) entry.againAt ??= changedAt
      entry.changedAt ??= changedAt
      if (entry.pages > 0) void catchUp(entry)
    }
  }

  /** The entry of a slug, as the one that was asked for last. */
  function entryOf(slug: string): Entry {
    if (!isSlug(slug)) throw new InputError(`"${slug.slice(0, 80)}" names no issue; write its slug`)
    const draft: Draft = { slug, version: 0, picture: null, problems: [], findings: null }
    const entry = entries.get(slug) ?? {
      draft,
      changedAt: now(),
      againAt: null,
      drawing: null,
      isChecking: false,
      pages: 0,
    }
    entries.delete(slug)
    entries.set(slug, entry)
    return entry
  }

  function forgetSome(): void {
    const unseen = [...entries].filter(([, { pages, drawing }]) => pages === 0 && drawing === null)
    for (const [slug] of unseen.slice(0, -MAX_KEPT)) entries.delete(slug)
  }

  /** Resolves when the picture is of what there is. Never two at once for an issue, so the last one is the newest. */
  function catchUp(entry: Entry): Promise<void> {
    entry.drawing ??= drawAll(entry).finally(() => {
      entry.drawing = null
    })
    return entry.drawing
  }

  async function drawAll(entry: Entry): Promise<void> {
    while (entry.changedAt !== null && !isClosed) {
      const { changedAt } = entry
      entry.againAt = null
      const draft = await drawOver(entry.draft)
      if (entry.againAt !== null && now() - changedAt < PATIENCE_MS) continue
      entry.changedAt = entry.againAt
      if (!isClosed) tell(entry, draft, changedAt)
    }
  }

  function tell(entry: Entry, draft: Draft, changedAt: number): void {
    entry.draft = draft
    live.emit('draft', { draft: viewOf(draft), changedAt })
    void findAll(entry)
  }

  async function drawOver(before: Draft): Promise<Draft> {
    try {
      const picture = await draw(before.slug)
      return { ...before, version: before.version + 1, picture, problems: [], findings: null }
    } catch (error) {
      return { ...before, problems: problemsOf(error, before.slug), findings: [] }
    }
  }

  /** The findings of the newest picture. */
  async function findAll(entry: Entry): Promise<void> {
    if (entry.isChecking) return
    entry.isChecking = true
    while (entry.draft.findings === null && entry.changedAt === null && !isClosed) await find(entry)
    entry.isChecking = false
  }

  async function find(entry: Entry): Promise<void> {
    const { draft } = entry
    const isOutdated = () => entry.draft !== draft || entry.changedAt !== null || isClosed
    let found = await checkOver(draft)
    // What could be drawn can be checked, but for files that were away for a moment: those are back, or missed by now.
    if (found.problems.length > 0 && !isOutdated()) {
      await wait(DOUBT_MS)
      if (!isOutdated()) found = await checkOver(draft)
    }
    // Of another picture: those of this one are looked for next, or when it is drawn.
    if (isOutdated()) return
    entry.draft = found
    if (found.problems.length > 0) live.emit('draft', { draft: viewOf(found), changedAt: now() })
    else live.emit('findings', { draft: viewOf(found) })
  }

  async function checkOver(draft: Draft): Promise<Draft> {
    try {
      const { findings } = await check(draft.slug)
      return { ...draft, findings }
    } catch (error) {
      return { ...draft, problems: problemsOf(error, draft.slug), findings: [] }
    }
  }

  /** What is no fault of the files is told in the same place, and the studio goes on. */
  function problemsOf(error: unknown, slug: string): readonly Problem[] {
    if (error instanceof InputError) return error.problems
    log.error({ err: error, slug }, 'an issue could not be drawn')
    return [{ where: `issues/${slug}.md`, line: null, message: messageOf(error) }]
  }

  return {
    live,
    get,
    show,
    change,
    close() {
      isClosed = true
    },
  }
}

export function isSlug(text: string): boolean {
  return SLUG.test(text)
}

/** Whole or broken, it has been told once. */
function isDrawn({ draft }: Entry): boolean {
  return draft.version > 0 || draft.problems.length > 0
}

/** Null for what all issues share. */
function slugOfFile(file: string): string | null {
  return /^issues\/([^/]+)\.md$/.exec(file)?.[1] ?? null
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
