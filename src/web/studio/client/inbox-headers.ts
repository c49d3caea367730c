/** The header of a message, field by field as it came, with what each is for in quiet words beside it. */

import type { HeaderField, InboxMessage } from '../api.js'
import { make } from './dom.js'

export function headersView({ fields, unsubscribe, signatures }: InboxMessage): HTMLElement {
  return make(
    'div',
    { class: 'headers' },
    make(
      'section',
      {},
      make('h3', {}, 'Unsubscribe'),
      ...unsubscribe.map((sentence) => make('p', {}, sentence)),
      make('h3', {}, 'Signed'),
      ...(signatures.length === 0
        ? [make('p', {}, 'No DKIM signature: receivers know it by the relay that hands it over alone.')]
        : signatures.map(({ domain, selector }) =>
            make(
              'p',
              {},
              `For ${domain || 'no domain'}, key ${selector || 'unnamed'}. Nothing here verifies it.`,
            ),
          )),
    ),
    make('ol', { class: 'fields' }, ...fields.map(fieldItem)),
  )
}

function fieldItem({ name, raw, value }: HeaderField): HTMLElement {
  const given = raw.slice(raw.indexOf(':') + 1).trim()
  const isEncoded = given.replace(/\r?\n(?=[ \t])/g, '') !== value
  const what = WHAT[name.toLowerCase()]
  return make(
    'li',
    {},
    make('b', {}, name),
    make(
      'div',
      {},
      make('pre', {}, given),
      isEncoded ? make('p', { class: 'reads' }, `Reads: ${value}`) : null,
      what === undefined ? null : make('p', { class: 'what' }, what),
    ),
  )
}

/** What a field is for, to someone who writes a newsletter. */
const WHAT: Readonly<Record<string, string>> = {
  'message-id': 'Its name among all messages; replies and bounces refer to it.',
  date: 'When it was written, by the sender’s clock.',
  from: 'Whom the reader sees as the sender. DMARC asks that the signature is for this domain.',
  'reply-to': 'Where an answer goes.',
  to: 'What the reader sees; where it really goes is said on the wire alone.',
  subject: 'The line in the inbox.',
  'return-path': 'Where bounces go.',
  'list-id': 'The name of the list, which filters use.',
  'list-unsubscribe': 'Where a mail program’s own unsubscribe button leads (RFC 2369).',
  'list-unsubscribe-post': 'That one click is enough, without a page (RFC 8058).',
  'list-help': 'Where help about the list is found.',
  'feedback-id': 'How Gmail groups complaints in Postmaster Tools.',
  precedence: 'Bulk: asks programs not to answer by themselves.',
  'auto-submitted': 'Written by a program: asks others not to answer by themselves.',
  'dkim-signature': 'A signature over header and body, which the domain’s DNS verifies (RFC 6376).',
  'mime-version': 'That it is made of parts (RFC 2045); always 1.0.',
  'content-type': 'What the body is, and where its parts are cut apart.',
  'content-transfer-encoding': 'How the body is packed into lines of ASCII.',
  'x-pressrun-test': 'A test send: which issue, and which state of it.',
}
