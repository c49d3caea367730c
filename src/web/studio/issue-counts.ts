/**
 * How many findings each issue has, looked for in the background: one issue after another, never while a draft that is open
 * waits for its own, and only as long as somebody looks at the studio.
 */

import { type Finding, isBlocking } from '../../compile/checks/finding.js'
import { InputError, type Problem } from '../../errors.js'
import type { FindingCount } from './api.js'
import type { StudioContext } from './context.js'
import type { Drafts } from './drafts.js'

/** A draft that has got no findings by then will not hold up the others. */
const MAX_WAIT_MS = 15_000

/** What was found in a file as it was. */
export interface Counted {
  readonly print: string
  /** Null: it cannot be compiled, and `problems` say why. */
  readonly findings: FindingCount | null
  readonly problems: readonly Problem[]
}

export interface WantedCount {
  readonly slug: string
  readonly file: string
  /** Of all that it is made of. */
  readonly print: string
}

export interface IssueCounts {
  get(slug: string): Counted | null
  /** Looks at those that are not counted as they are now, in this order; what was wanted before is not. */
  want(issues: readonly WantedCount[]): void
  /** A file is another, or was away for a moment: what kept an issue from being compiled may be mended, its own print the same. */
  change(): void
  close(): void
}

export function openCounts({
  check,
  drafts: { live },
  log,
}: Pick<StudioContext, 'check' | 'log'> & { readonly drafts: Drafts }): IssueCounts {
  const counted = new Map<string, Counted>()
  /** Drafts that wait for their findings. */
  const waiting = new Set<string>()
  let queue: readonly WantedCount[] = []
  let isLooking = false
  let isClosed = false
  let changes = 0

  live.on('draft', ({ draft }) => {
    if (draft.problems.length === 0 && draft.findings === null) waiting.add(draft.slug)
    else waiting.delete(draft.slug)
  })
  live.on('findings', ({ draft }) => {
    waiting.delete(draft.slug)
    void look()
  })

  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    while (!isClosed && live.listenerCount('issues') > 0) {
      await idle()
      const [next, ...rest] = queue
      if (next === undefined || isClosed) break
      queue = rest
      const before = changes
      const found = await countOne(next)
      // What went wrong while files changed is looked at again as soon as a page asks, which it is told to.
      if (found.findings !== null || changes === before) counted.set(next.slug, found)
      live.emit('issues', {})
    }
    isLooking = false
  }

  /** Until no draft waits. */
  function idle(): Promise<void> {
    if (waiting.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer)
        live.off('findings', look)
        resolve()
      }
      const look = () => {
        if (waiting.size === 0) go()
      }
      const timer = setTimeout(() => {
        waiting.clear()
        go()
      }, MAX_WAIT_MS)
      timer.unref()
      live.on('findings', look)
    })
  }

  async function countOne({ slug, print }: WantedCount): Promise<Counted> {
    try {
      return { print, findings: countFindings((await check(slug)).findings), problems: [] }
    } catch (error) {
      if (error instanceof InputError) return { print, findings: null, problems: error.problems }
      // The others are still to be counted.
      if (!isClosed) log.error({ err: error, slug }, 'findings of an issue cannot be counted')
      const message = 'its findings could not be looked for; what the studio printed says why'
      return { print, findings: null, problems: [{ where: '', line: null, message }] }
    }
  }

  return {
    get: (slug) => counted.get(slug) ?? null,
    want(issues) {
      queue = issues.filter(({ slug, print }) => counted.get(slug)?.print !== print)
      void look()
    },
    change() {
      changes++
      const failed = [...counted].filter(([, { findings }]) => findings === null)
      for (const [slug] of failed) counted.delete(slug)
      if (failed.length > 0) live.emit('issues', {})
    },
    close() {
      isClosed = true
    },
  }
}

/** What an editor lets pass is none. */
export function countFindings(findings: readonly Finding[]): FindingCount {
  const open = findings.filter(({ waived }) => waived === null)
  return {
    errors: findings.filter(isBlocking).length,
    warnings: open.filter(({ severity }) => severity === 'warn').length,
    notes: open.filter(({ severity }) => severity === 'info').length,
  }
}
