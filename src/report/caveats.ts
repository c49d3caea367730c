/** How to read the numbers: what is settled, which rules told people from machines, and what no rule can know. */

import { formatNumber } from './columns.js'
import type { Report } from './report.js'

/** One sentence or two each. */
export function caveatsOf(report: Report): readonly string[] {
  const { send, settled, classifier, tracking, state, uncertain, uncertainPolicy } = report
  // send/resolve.ts: a Send that was cancelled resends nothing, whatever its policy.
  const isResent = uncertainPolicy === 'resend' && state !== 'cancelled'
  return [
    settled
      ? `The send is ${state} and its side of the numbers is settled; opens, clicks, unsubscribes and bounces still come in.`
      : `The send is not finished (${state}): everything here is counted live and still changes.`,
    ...(classifier.counting ? ['Requests of a while ago are still being counted.'] : []),
    ...(tracking.opens || tracking.clicks ? readingNotes(report) : []),
    '“Sent” is what a mail server accepted; whether it lies in the inbox nobody can see.',
    ...(uncertain === 0
      ? []
      : [
          `“Uncertain” went out, and the server’s answer is missing: it may have arrived, and ${isResent ? 'is sent again by itself' : `is not sent again by itself (pressrun resolve ${send} decides)`}.`,
        ]),
    ...trackingNotes(tracking),
  ]
}

function readingNotes({ classifier, tracking, send }: Report): readonly string[] {
  const others = classifier.versions.filter(({ version }) => version !== classifier.current)
  return [
    ...(tracking.opens && tracking.clicks
      ? [
          'Whoever clicks has opened, too, even where the pixel was not loaded: so more may have opened than requests for it say.',
        ]
      : []),
    `People were told from machines by version ${classifier.current} of the rules${
      others.length === 0
        ? ''
        : `; ${others.map(({ version, hits }) => `${formatNumber(hits)} requests by version ${version}`).join(', ')} (pressrun reclassify ${send} judges them anew)`
    }.`,
    'No rule knows everything: some mail programs load every picture whether or not anyone reads (those count as unknown), some show none, and some scanners browse like people.',
  ]
}

function trackingNotes({ opens, clicks, untracked }: Report['tracking']): readonly string[] {
  const off = [...(opens ? [] : ['opens']), ...(clicks ? [] : ['clicks'])]
  return [
    ...(off.length === 0 ? [] : [`Of this issue ${off.join(' and ')} were not tracked.`]),
    ...(untracked === 0
      ? []
      : [
          `Of ${formatNumber(untracked)} ${untracked === 1 ? 'person' : 'people'} nothing more is kept: they or the publication wish it so, or they are erased.`,
        ]),
  ]
}
