/** `pressrun check --links`: whether the pages that issues link to are there. The one check that asks others. */

import path from 'node:path'
import { lookAtLink, worldContext } from '../app/link-look.js'
import { surveyLinks } from '../app/link-survey.js'
import type { Finding } from '../compile/checks/finding.js'
import { lineOfKey } from '../compile/checks/input.js'
import { judgeLook, type LinkLook } from '../compile/checks/link-answer.js'
import { findUnreachable } from '../compile/checks/link-url.js'
import { readLinks, type WrittenLink } from '../compile/checks/reading.js'
import { type Config, webUrl } from '../config.js'
import { InputError } from '../errors.js'
import type { Issue } from '../issue/issue.js'
import { readIssue, readPublication } from '../issue/read.js'

const MOST_LINKS = 100
/** Following it may be the act itself. */
const LOOKS_LIKE_LEAVING = /unsub|opt-?out|signoff|abmelde/i

export interface LinksContext {
  readonly config: Config
  readonly now: () => number
  /** One sentence for whoever waits. */
  readonly say: (sentence: string) => void
  /** `lookAtLink` of the world, when left out. */
  readonly look?: (url: string) => Promise<LinkLook>
}

/** L04 of these issues, by issue and line. An issue that is none has been told already, and is passed over. */
export async function checkLinks(
  names: readonly string[],
  context: LinksContext,
): Promise<readonly Finding[]> {
  const { config, now, say } = context
  const isAskable = await openAskable(config)
  const { look = (url) => lookAtLink(url, worldContext(isAskable)) } = context
  const issues = await readIssues(names, config)
  const links = issues.flatMap((issue) => askableLinks(issue, isAskable))
  const urls = [...new Set(links.map(({ url }) => url))]
  const wanted = urls.slice(0, MOST_LINKS)
  const sites = new Set(wanted.map((url) => new URL(url).host)).size
  say(`asking for ${wanted.length} pages at ${sites} sites`)
  const looks = await surveyLinks(wanted, { look, now, file: path.join(config.dataDir, 'links.json') })
  const rest = tellRest(urls.length - wanted.length, links[0]?.file)
  if (sites > 1 && [...looks.values()].every(({ kind }) => kind === 'nowhere' || kind === 'silent'))
    return [
      ...rest,
      note(`none of ${sites} sites could be reached`, 'is this machine connected?', links[0]?.file),
    ]
  return [...links.flatMap((link) => describeLink(link, looks)), ...rest]
}

function describeLink(link: AskableLink, looks: ReadonlyMap<string, LinkLook>): readonly Finding[] {
  const look = looks.get(link.url)
  const found = look === undefined ? null : judgeLook(link, look)
  return found === null ? [] : [{ id: 'L04', file: link.file, waived: null, ...found }]
}

/** What is wrong with a URL as it is written is told by L01, and is not asked for. */
async function openAskable(config: Config): Promise<(url: string) => boolean> {
  const publication = await readPublication(config.root)
  const publicUrl = (config.publicUrl ?? publication.publicUrl ?? webUrl(config)).replace(/\/+$/, '')
  return (url) => findUnreachable(url, publicUrl)?.severity !== 'error' && !LOOKS_LIKE_LEAVING.test(url)
}

async function readIssues(names: readonly string[], { root }: Config): Promise<readonly Issue[]> {
  const issues: Issue[] = []
  for (const name of names) {
    try {
      issues.push(await readIssue(root, name))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
    }
  }
  return issues
}

interface AskableLink extends WrittenLink {
  readonly file: string
}

/** Each of an issue once, in its first place. */
function askableLinks(issue: Issue, isAskable: (url: string) => boolean): readonly AskableLink[] {
  const lineOf = (key: string) => lineOfKey(issue.source, key)
  const web = readLinks({ issue, lineOf }).filter(
    ({ url }) => /^https?:/i.test(url) && URL.canParse(url) && isAskable(url),
  )
  const first = new Map(web.toReversed().map((link) => [link.url, { ...link, file: issue.file }]))
  return web.flatMap((link) => {
    const kept = first.get(link.url)
    return kept?.line === link.line && first.delete(link.url) ? [kept] : []
  })
}

function tellRest(count: number, file?: string): readonly Finding[] {
  const message = `${count} more links were not asked for; ${MOST_LINKS} are the most at once`
  return count <= 0 ? [] : [note(message, 'check one issue at a time', file)]
}

function note(message: string, hint: string, file = 'issues'): Finding {
  return { id: 'L04', severity: 'info', message, hint, file, line: null, waived: null }
}
