/**
 * A Notice's Message: from the publication, to one person, with nothing that lists have. Same Notice: the same bytes, at
 * every try.
 *
 * Auto-Submitted is `auto-generated`: `auto-replied` is for what answers another message (RFC 3834 section 5), and a form
 * on a page is none.
 */

import { createHash } from 'node:crypto'
import type { CompiledNotice } from '../../compile/notice.js'
import { NOTICE_HOLES, URL_HOLE } from '../../compile/notice-holes.js'
import type { NoticeKind } from '../../db/schema.js'
import type { Mailbox } from '../../issue/publication.js'
import { type Keys, noticeIdLeft, signToken } from '../../link/token.js'
import type { WireMessage } from '../../smtp/transport.js'
import { type Frame, makeFrame } from '../frame.js'
import { encodeMailbox, encodeText, formatDate, headerField, plainAddress } from '../header.js'
import { fillLine, personValue } from '../message.js'
import { fillPart, type PersonValue, type PreparedPart, preparePart } from '../part.js'
import { type FixedValues, spliceRuns } from '../splice.js'

export interface NoticeSender {
  readonly from: Mailbox
  readonly replyTo: Mailbox | null
  /** Absolute, without a trailing slash. */
  readonly publicUrl: string
}

export interface PreparedNotice {
  readonly subject: CompiledNotice['subject']
  readonly frame: Frame
  readonly text: PreparedPart
  readonly html: PreparedPart
}

/** What is written of a Notice into its Message. */
export interface NoticeToWrite {
  readonly id: number
  readonly kind: NoticeKind
  readonly address: string
  /** Title of its List; '' without one. */
  readonly list: string
  readonly detail: Readonly<Record<string, unknown>>
  /** Ms; the Date of the Message. */
  readonly createdAt: number
}

/** A Message carries no Token of a Send. */
const NO_FIXED: FixedValues = { read: Buffer.alloc(0), leave: Buffer.alloc(0), messageId: Buffer.alloc(0) }

/** Encodes what is the same for every Notice of a kind and language. */
export function prepareNotice({ subject, html, text }: CompiledNotice): PreparedNotice {
  const parts = { text: preparePart(text, 'text'), html: preparePart(html, 'html') }
  const hash = createHash('sha256')
    .update(JSON.stringify([text, html]))
    .digest('hex')
  return { subject, frame: makeFrame(parts.text, parts.html, hash), ...parts }
}

/** Throws when an address is not one plain address. */
export function writeNotice(
  prepared: PreparedNotice,
  notice: NoticeToWrite,
  { sender, keys }: { readonly sender: NoticeSender; readonly keys: Keys },
): WireMessage {
  const { from, replyTo } = sender
  const envelopeFrom = plainAddress(from.address)
  const domain = envelopeFrom.slice(envelopeFrom.lastIndexOf('@') + 1)
  const values = { name: '', address: '', attributes: holeValues(notice, { sender, keys }) }
  const person: PersonValue = (hole) => personValue(hole, values)
  const head = [
    headerField('Message-ID', `<${noticeIdLeft(keys, notice.id)}@${domain}>`),
    headerField('Date', formatDate(notice.createdAt)),
    headerField('From', encodeMailbox('From', from)),
    replyTo === null ? '' : headerField('Reply-To', encodeMailbox('Reply-To', replyTo)),
    headerField('Auto-Submitted', 'auto-generated'),
    // Without the name that somebody gave with the address: a stranger's words shall not go out in our mail.
    headerField('To', encodeMailbox('To', { name: '', address: notice.address })),
    headerField('Subject', encodeText('Subject', fillLine(prepared.subject, person))),
  ]
  const runs = [
    { bytes: Buffer.from(head.join(''), 'utf8'), places: [] },
    prepared.frame.before,
    ...fillPart(prepared.text, person, NO_FIXED),
    prepared.frame.between,
    ...fillPart(prepared.html, person, NO_FIXED),
    prepared.frame.after,
  ]
  return {
    envelope: { from: envelopeFrom, to: notice.address },
    bytes: spliceRuns(runs, NO_FIXED, Buffer.allocUnsafe),
    isWireReady: true,
  }
}

/** Where the button leads: to what is asked, or, where nothing is, to the preferences. */
export function noticeUrl(
  { id, kind }: Pick<NoticeToWrite, 'id' | 'kind'>,
  { sender: { publicUrl }, keys }: { readonly sender: Pick<NoticeSender, 'publicUrl'>; readonly keys: Keys },
): string {
  return `${publicUrl}/${kind === 'known' ? 'p' : 'n'}/${signToken(keys, 'notice', id)}`
}

function holeValues(
  notice: NoticeToWrite,
  context: { readonly sender: NoticeSender; readonly keys: Keys },
): Readonly<Record<string, string>> {
  const { list, detail } = notice
  return {
    [URL_HOLE]: noticeUrl(notice, context),
    [NOTICE_HOLES.list]: list,
    [NOTICE_HOLES.newAddress]: text(detail.newAddress),
    [NOTICE_HOLES.oldAddress]: text(detail.oldAddressMasked),
    [NOTICE_HOLES.title]: text(detail.title),
    [NOTICE_HOLES.excerpt]: text(detail.excerpt),
  }
}

/** Long enough for any of them; what an act wrote down is its own to bound. */
const MAX_VALUE = 500

function text(value: unknown): string {
  return typeof value === 'string'
    ? Array.from(value.slice(0, MAX_VALUE * 2))
        .slice(0, MAX_VALUE)
        .join('')
    : ''
}
