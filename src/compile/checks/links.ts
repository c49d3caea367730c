/** L: where links lead and what they say. L04, which asks the sites themselves, is `src/commands/check-links.ts`. */

import type { Check, CheckInput, Found, PageElement } from './check.js'
import { findLinkedBefore, findOddities } from './link-repeats.js'
import { findDisguisedTarget, findEmptyText, findVagueText } from './link-text.js'
import { type Fault, findClearText, findMalformed, findUnreachable } from './link-url.js'
import { readLinks, type WrittenLink } from './reading.js'
import { innerText } from './rendered.js'

export const LINK_CHECKS: readonly Check[] = [
  {
    id: 'L01',
    title: 'links lead to places that every reader can reach',
    isWaivable: true,
    severities: ['error', 'warn'],
    run: (input) => [
      ...judge(input, ({ url }) => findUnreachable(url, input.compiled.publication.publicUrl)),
      ...judgeTemplate(input, ({ url }) => findUnreachable(url, input.compiled.publication.publicUrl)),
    ],
  },
  {
    id: 'L02',
    title: 'links are encrypted',
    isWaivable: true,
    severities: ['error', 'warn'],
    run: (input) => [
      ...judge(input, ({ url }) => findClearText(url)),
      ...judgeTemplate(input, ({ url }) => findClearText(url)),
      ...judgePublicUrl(input),
    ],
  },
  {
    id: 'L03',
    title: 'links are whole, and no other site in disguise',
    isWaivable: true,
    severities: ['error', 'warn'],
    run: (input) => [
      ...judge(input, ({ url }) => findMalformed(url)),
      ...judgeTemplate(input, ({ url }) => findMalformed(url)),
    ],
  },
  {
    id: 'L04',
    title: 'the pages that links lead to are there (asked only by check --links)',
    isWaivable: false,
    severities: ['warn', 'info'],
    run: () => [],
  },
  {
    id: 'L05',
    title: 'the words of a link say where it leads',
    isWaivable: true,
    severities: ['warn'],
    run: (input) => judge(input, findVagueText),
  },
  {
    id: 'L06',
    title: 'every link has words, or an image that is described',
    isWaivable: true,
    severities: ['error'],
    run: (input) => [...judge(input, findEmptyText), ...judgeTemplate(input, findEmptyText)],
  },
  {
    id: 'L07',
    title: 'a link that shows an address leads there',
    isWaivable: true,
    severities: ['error', 'warn'],
    run: (input) => [...judge(input, findDisguisedTarget), ...judgeTemplate(input, findDisguisedTarget)],
  },
  {
    id: 'L08',
    title: 'no link of the mail jumps within the mail',
    isWaivable: true,
    severities: ['warn'],
    run: ({ page }) => page.elements.filter(isJump).map(describeJump),
  },
  {
    id: 'L09',
    title: 'links agree with each other',
    isWaivable: true,
    severities: ['info'],
    run: (input) => findOddities(readLinks(input), { addsUtm: input.issue.utm !== null }),
  },
  {
    id: 'L10',
    title: 'links were not in an earlier issue',
    isWaivable: true,
    severities: ['info'],
    run: (input) => {
      const { publication } = input.compiled
      const ownHosts = [new URL(publication.publicUrl).hostname, publication.from.address.replace(/^.*@/, '')]
      return findLinkedBefore(readLinks(input), { past: input.past, ownHosts })
    },
  },
  {
    id: 'L11',
    title: 'no link is hidden from readers',
    isWaivable: true,
    severities: ['info'],
    run: ({ compiled: { publication } }) => (publication.tracking?.honeypot ? [HONEYPOT] : []),
  },
]

const HONEYPOT: Found = {
  severity: 'info',
  message:
    'the mail holds a honeypot, a link that no reader sees; what is hidden in a mail is a mark of fraud to some receivers',
  hint: 'leave "honeypot: on" out of newsletter.yaml, unless machines spoil your numbers and nobody takes offence',
  line: null,
  file: 'issues/newsletter.yaml',
}

function judge(input: CheckInput, find: (link: WrittenLink) => Fault | null): readonly Found[] {
  return readLinks(input).flatMap((link) => {
    const fault = find(link)
    return fault === null ? [] : [{ ...fault, line: link.line }]
  })
}

/** Links that the template wrote, but those to our own pages; each target once. */
function judgeTemplate(
  { page, compiled, issue }: CheckInput,
  find: (link: Pick<WrittenLink, 'url' | 'text' | 'holdsImage'>) => Fault | null,
): readonly Found[] {
  const faults = page.elements
    .filter(({ tag, line, attributes }) => tag === 'a' && line === null && attributes.href !== undefined)
    .filter(({ attributes }) => !attributes.href?.startsWith(compiled.publication.publicUrl))
    .flatMap((element) => {
      const fault = find({ url: element.attributes.href ?? '', ...innerText(element.node) })
      return fault === null ? [] : [fault]
    })
  const unique = new Map(faults.map((fault) => [fault.message, fault]))
  return [...unique.values()].map((fault) => ({ ...fault, line: null, file: `templates/${issue.template}/` }))
}

/** Before a real transport is set, readers' links lead to this machine. */
function judgePublicUrl({ isLive, compiled: { publication } }: CheckInput): readonly Found[] {
  return isLive && publication.publicUrl.startsWith('http:')
    ? [
        {
          severity: 'error',
          message: `every link leads over ${publication.publicUrl}, which is not encrypted`,
          hint: 'put a proxy that does TLS in front, and write https:// in PUBLIC_URL or newsletter.yaml',
          line: null,
          file: 'issues/newsletter.yaml',
        },
      ]
    : []
}

function isJump({ tag, attributes }: PageElement): boolean {
  return tag === 'a' && /^#./.test(attributes.href ?? '')
}

function describeJump({ attributes, line }: PageElement): Found {
  return {
    severity: 'warn',
    message: `"${attributes.href}" jumps within the mail, which Gmail’s app, Yahoo and Samsung do not do`,
    hint: 'link to the web page of the issue: {{urls.web}} and the anchor',
    line,
  }
}
