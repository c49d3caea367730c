/** The columns of the table of Deliveries, in order, and what they mean to whoever opens it. */

import type { DeliveryLine } from './deliveries.js'

export interface DeliveryColumn {
  readonly name: string
  /** A line of `--help`. */
  readonly means: string
  readonly of: (line: DeliveryLine) => string | null
}

export const DELIVERY_COLUMNS: readonly DeliveryColumn[] = [
  {
    name: 'address',
    means: 'as the send was frozen with; empty once erased',
    of: ({ address }) => address,
  },
  { name: 'state', means: 'sent, bounced, excluded, …', of: ({ state }) => state },
  { name: 'reason', means: 'why it was left out, or failed', of: ({ reason }) => reason },
  { name: 'attempts', means: 'how often it was tried', of: ({ attempts }) => String(attempts) },
  { name: 'reply', means: 'the last answer of a mail server', of: ({ reply }) => reply },
  {
    name: 'decision',
    means: 'where no answer came: resend, leave, arrived, bounced',
    of: ({ decided }) => decided?.decision ?? null,
  },
  { name: 'decided_by', means: 'by whom', of: ({ decided }) => decided?.by ?? null },
  { name: 'decided_at', means: 'when', of: ({ decided }) => decided?.at ?? null },
  {
    name: 'opened',
    means: 'by a person, unknown or machine, the best of all; or untracked',
    of: ({ opened }) => opened,
  },
  {
    name: 'opened_at',
    means: 'when a person first did; one who clicked has opened',
    of: ({ openedAt }) => openedAt,
  },
  { name: 'clicked', means: 'as opened', of: ({ clicked }) => clicked },
  { name: 'clicked_at', means: 'when a person first did', of: ({ clickedAt }) => clickedAt },
  {
    name: 'unsubscribed_at',
    means: 'when they left by this message; empty once taken back',
    of: ({ unsubscribedAt }) => unsubscribedAt,
  },
  {
    name: 'bounced_later',
    means: 'after it was sent: hard, soft, policy or content, the worst',
    of: ({ bouncedLater }) => bouncedLater,
  },
  {
    name: 'bounced_later_status',
    means: 'the code of that report, such as 5.1.1',
    of: ({ bouncedLaterStatus }) => bouncedLaterStatus,
  },
  { name: 'bounced_later_at', means: 'when it came', of: ({ bouncedLaterAt }) => bouncedLaterAt },
  { name: 'complained_at', means: 'when they called it spam', of: ({ complainedAt }) => complainedAt },
]
