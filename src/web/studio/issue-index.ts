/** Every issue of the folder with its state, its Lists and its findings, as far as they are known by now. */

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { lookInside } from '../../compile/inside.js'
import type { IssueSend } from '../../send/issue-sends.js'
import type { IssueLine } from './api.js'
import type { StudioContext } from './context.js'
import type { IssueCounts } from './issue-counts.js'
import { type IssueHead, openHeads, printOf } from './issue-heads.js'
import { sendsBySlug } from './issue-states.js'

/** Several pages ask at once, and each answer opens the store. */
const SENDS_KEPT_MS = 1_000

export interface IssueIndex {
  /** The newest first. */
  read(): Promise<readonly IssueLine[]>
}

export function openIndex({
  root,
  readSends,
  now,
  counts,
}: Pick<StudioContext, 'root' | 'readSends' | 'now'> & { readonly counts: IssueCounts }): IssueIndex {
  const readHeads = openHeads(root)
  let kept: { readonly at: number; readonly sends: Promise<readonly IssueSend[]> } | null = null

  function recentSends(): Promise<readonly IssueSend[]> {
    if (kept === null || now() - kept.at > SENDS_KEPT_MS) kept = { at: now(), sends: readSends() }
    return kept.sends
  }

  return {
    async read() {
      const [heads, shared, sends] = await Promise.all([readHeads(), sharedPrint(root), recentSends()])
      const bySlug = sendsBySlug(sends)
      const lines = heads.map((head) => {
        const wanted = { ...head, print: `${head.print} ${bySlug.has(head.slug) ? '' : shared}` }
        return { wanted, line: lineOf(head, { wanted, counts, sends: bySlug.get(head.slug) ?? [] }) }
      })
      // What was sent is no work any more: it waits for the drafts.
      const isSent = ({ line }: (typeof lines)[number]) => line.sends.length > 0
      counts.want([...lines].sort((a, b) => Number(isSent(a)) - Number(isSent(b))).map((one) => one.wanted))
      return lines.map(({ line }) => line)
    },
  }
}

interface LineContext {
  readonly wanted: { readonly print: string }
  readonly counts: IssueCounts
  readonly sends: IssueLine['sends']
}

function lineOf(head: IssueHead, { wanted, counts, sends }: LineContext): IssueLine {
  const { slug, file, title, number, date, subject } = head
  const counted = counts.get(slug)
  const isNow = counted !== null && counted.print === wanted.print
  return {
    slug,
    file,
    title,
    number,
    date,
    subject,
    problems: isNow && counted.problems.length > 0 ? counted.problems : head.problems,
    // Old numbers are better than none while they are looked for again.
    findings: counted?.findings ?? null,
    isCounted: isNow,
    state: sends[0]?.state ?? 'draft',
    sends,
  }
}

/** Of what every issue is made of besides its own file; what was sent is not made again. */
async function sharedPrint(root: string): Promise<string> {
  const templates = await filesBelow(root, 'templates')
  const files = ['issues/newsletter.yaml', 'issues/words.txt', ...templates]
  return (await Promise.all(files.map((file) => printOf(root, file)))).join(' ')
}

async function filesBelow(root: string, folder: string): Promise<readonly string[]> {
  if ((await lookInside(root, folder)).kind !== 'folder') return []
  const names = await readdir(path.join(root, folder), { recursive: true })
  return names.map((name) => `${folder}/${name.split(path.sep).join('/')}`).sort()
}
