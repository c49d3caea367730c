/** Links compared with each other and with those of earlier issues. All of it is worth knowing, nothing blocks. */

import { groupBy } from '../../group.js'
import { organisationOf } from '../../organisation.js'
import type { Found, PastIssue } from './check.js'
import type { WrittenLink } from './reading.js'

/** As often a target may be linked to before it is odd. */
const OFTEN = 5

/** Parameters that say where a reader came from, not what is read. */
const TRACKING = /^(?:utm_\w+|fbclid|gclid|mc_[ce]id|ref|ref_src)$/i

/** L09: one text for two targets, one target too often, UTM parameters on some links of a site only. */
export function findOddities(
  links: readonly WrittenLink[],
  { addsUtm }: { readonly addsUtm: boolean },
): readonly Found[] {
  const web = links.filter(({ url }) => /^https?:/i.test(url) && URL.canParse(url))
  // What an editor has left out is added by rule.
  return [...findTwoTargets(web), ...findOften(web), ...(addsUtm ? [] : findPartlyTracked(web))]
}

/** L10: what an earlier issue has linked to. Home pages, our own and a sponsor's are linked to again on purpose. */
export function findLinkedBefore(
  links: readonly WrittenLink[],
  { past, ownHosts }: { readonly past: readonly PastIssue[]; readonly ownHosts: readonly string[] },
): readonly Found[] {
  const before = new Map<string, PastIssue>()
  for (const issue of past.toReversed()) for (const url of issue.urls) before.set(targetOf(url), issue)
  const ours = new Set(ownHosts.map(organisationOf))
  const seen = new Set<string>()
  return links.flatMap(({ url, line, section }) => {
    if (section === 'sponsor' || !/^https?:/i.test(url) || !URL.canParse(url)) return []
    const { hostname, pathname, search } = new URL(url)
    const target = targetOf(url)
    const issue = before.get(target)
    const isHome = pathname === '/' && search === ''
    if (issue === undefined || isHome || ours.has(organisationOf(hostname)) || seen.has(target)) return []
    seen.add(target)
    return [
      info(
        line,
        `${url} was linked to before, in ${nameOf(issue)}`,
        'say what is new, or link to that issue',
      ),
    ]
  })
}

function findTwoTargets(links: readonly WrittenLink[]): readonly Found[] {
  const first = new Map<string, WrittenLink>()
  // An entry of commentary ends in the name of the paper, and a paper may stand there twice.
  const named = links.filter(({ section }) => section !== 'commentary')
  return named.flatMap((link) => {
    const words = link.text.toLowerCase()
    const earlier = first.get(words)
    if (earlier === undefined) {
      if (words !== '') first.set(words, link)
      return []
    }
    return targetOf(earlier.url) === targetOf(link.url)
      ? []
      : [
          info(
            link.line,
            `"${link.text}" leads to ${link.url} here and to ${earlier.url} in line ${earlier.line}`,
            'link words that tell the two apart',
          ),
        ]
  })
}

function findOften(links: readonly WrittenLink[]): readonly Found[] {
  return [...groupBy(links, ({ url }) => targetOf(url)).values()].flatMap((same) => {
    const last = same.at(-1)
    return last === undefined || same.length <= OFTEN
      ? []
      : [info(last.line, `${last.url} is linked to ${same.length} times`, 'once or twice is enough')]
  })
}

function findPartlyTracked(links: readonly WrittenLink[]): readonly Found[] {
  return [...groupBy(links, siteOf).values()].flatMap((ours) => {
    const plain = ours.filter(({ url }) => !/[?&]utm_source=/i.test(url))
    const [first] = plain
    return first === undefined || plain.length === ours.length
      ? []
      : [
          info(
            first.line,
            `${plain.length} of ${ours.length} links to ${siteOf(first)} have no utm_source, and the others do`,
            'give it to all of them or to none',
          ),
        ]
  })
}

function siteOf({ url }: WrittenLink): string {
  return organisationOf(new URL(url).hostname)
}

/** What is read at a URL: without its fragment, a slash at the end, scheme, `www.`, and where one came from. */
function targetOf(url: string): string {
  if (!URL.canParse(url)) return url
  const { host, pathname, searchParams } = new URL(url)
  const wanted = [...searchParams].filter(([name]) => !TRACKING.test(name)).sort()
  const query = new URLSearchParams(wanted).toString()
  return `${host.replace(/^www\./, '')}${pathname.replace(/\/$/, '')}${query === '' ? '' : `?${query}`}`
}

function nameOf({ number, file }: PastIssue): string {
  return number === null ? file : `issue ${number}`
}

function info(line: number, message: string, hint: string): Found {
  return { severity: 'info', line, message, hint }
}
