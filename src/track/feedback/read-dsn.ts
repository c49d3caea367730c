/**
 * Delivery status notifications: RFC 3464, and RFC 6533 for addresses that are not ASCII. One Claim a recipient; an action
 * other than `failed` is no bounce.
 */

import { isTelling, readBounced } from './fault.js'
import type { Claim } from './feedback.js'
import { addressIn, type Fields, fieldOf, readFieldBlocks, untyped } from './fields.js'
import type { Mail } from './read-mail.js'
import { explains } from './read-text.js'

const STATUS_PART = /^message\/(global-)?delivery-status$/
const MAX_RECIPIENTS = 100

/** Null when the Mail has no status of any recipient. */
export function readDsn(mail: Mail): readonly Claim[] | null {
  const blocks = mail.parts
    .filter(({ type }) => STATUS_PART.test(type))
    .flatMap(({ content }) => readFieldBlocks(content))
    .filter((block) => block.has('final-recipient') || block.has('action') || block.has('status'))
  const recipients = (blocks.length > 0 ? blocks : strayBlocks(mail)).slice(0, MAX_RECIPIENTS)
  return recipients.length === 0 ? null : recipients.map((block) => readRecipient(block, mail))
}

/** A report whose parts were broken on the way has its blocks among the text. */
function strayBlocks({ fields, text }: Mail): readonly Fields[] {
  if (!/multipart\/report|delivery-status/i.test(fieldOf(fields, 'content-type'))) return []
  return readFieldBlocks(text).filter((block) => block.has('final-recipient') && block.has('action'))
}

function readRecipient(block: Fields, mail: Mail): Claim {
  const [, status = null] = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(fieldOf(block, 'status')) ?? []
  const why = whyHarmless(fieldOf(block, 'action').toLowerCase(), status, mail)
  if (why !== null) return { kind: 'nothing', why }
  // The original one is what we wrote to; the final one may be where it was forwarded.
  const recipient =
    addressIn(fieldOf(block, 'original-recipient')) ?? addressIn(fieldOf(block, 'final-recipient'))
  return readBounced({
    status,
    said: whatWasSaid(block, status, recipient, mail),
    around: mail.text.slice(0, 4_000),
    recipient,
  })
}

function whyHarmless(
  action: string,
  status: string | null,
  mail: Mail,
): 'delayed' | 'delivered' | 'relayed' | 'expanded' | null {
  if (/^(delay|defer)/.test(action)) return 'delayed'
  if (/^deliver/.test(action)) return 'delivered'
  if (/^relay/.test(action)) return 'relayed'
  if (/^expand/.test(action)) return 'expanded'
  if (/^fail/.test(action)) return null
  // No action that the standard knows.
  if (status?.startsWith('2')) return 'delivered'
  return status?.startsWith('4') && /delay|warning|still (being )?(try|queue)/i.test(mail.subject)
    ? 'delayed'
    : null
}

/** The diagnostic code; where it tells nothing, what the text for people says of this recipient. */
function whatWasSaid(block: Fields, status: string | null, recipient: string | null, mail: Mail): string {
  // Some write the reason into a comment behind the status.
  const comment = /\(([^()]*)\)/.exec(fieldOf(block, 'status'))?.[1] ?? ''
  const diagnostic = (block.get('diagnostic-code') ?? [comment]).map(untyped).join(' ')
  const isVague = status === null || /\.0\.0$/.test(status)
  if (isTelling(diagnostic) || (diagnostic !== '' && !isVague)) return diagnostic
  return explains(mail.text, recipient) ?? diagnostic
}
