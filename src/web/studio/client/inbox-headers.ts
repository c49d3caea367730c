/** The header of a message, field by field as it came, with what each is for in quiet words beside it. */

import type { HeaderField, InboxMessage } from '../inbox/api.js'
import { make } from './dom.js'
import { headerNote } from './header-notes.js'
import { writtenOut } from './inbox-words.js'

export function headersView({ fields, unsubscribe, signatures }: InboxMessage): HTMLElement {
  return make(
    'div',
    { class: 'headers' },
    make(
      'section',
      {},
      make('h3', {}, 'Unsubscribe'),
      ...unsubscribe.map((sentence) => make('p', {}, writtenOut(sentence))),
      make('h3', {}, 'Signed'),
      ...(signatures.length === 0
        ? [make('p', {}, 'No DKIM signature: receivers know it by the relay that hands it over alone.')]
        : signatures.map(({ domain, selector }) =>
            make(
              'p',
              {},
              writtenOut(
                `For ${domain || 'no domain'}, key ${selector || 'unnamed'}. Nothing here verifies it.`,
              ),
            ),
          )),
    ),
    make('ol', { class: 'fields' }, ...fields.map(fieldItem)),
  )
}

function fieldItem({ name, raw, value }: HeaderField): HTMLElement {
  const given = raw.slice(raw.indexOf(':') + 1).trim()
  const isEncoded = given.replace(/\r?\n(?=[ \t])/g, '') !== value
  const note = headerNote(name)
  return make(
    'li',
    {},
    make('b', {}, writtenOut(name)),
    make(
      'div',
      {},
      make('pre', {}, writtenOut(given)),
      isEncoded ? make('p', { class: 'reads' }, 'Reads: ', make('bdi', {}, writtenOut(value))) : null,
      note === '' ? null : make('p', { class: 'what' }, note),
    ),
  )
}
