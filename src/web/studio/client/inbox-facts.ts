/** What stands above a message: subject, people, time, what could not be read, and its parts to keep. */

import type { InboxMessage, MailPart } from '../inbox/api.js'
import { make } from './dom.js'
import { exactTime, peopleWords, sizeWords, splitSubject, writtenOut } from './inbox-words.js'

export function messageFacts(message: InboxMessage): HTMLElement {
  const { subject, isTest, notes, parts } = message
  const { mark, rest } = splitSubject(subject)
  const badge = mark === '' && isTest ? '[Test]' : mark
  return make(
    'header',
    { class: 'message-facts' },
    make(
      'h2',
      {},
      badge === '' ? null : make('span', { class: 'test' }, badge),
      `${badge === '' ? '' : ' '}${rest || 'Without a subject'}`,
    ),
    make(
      'dl',
      {},
      ...factsOf(message).flatMap(([name, words]) => [make('dt', {}, name), make('dd', {}, words)]),
    ),
    notes.length === 0 ? null : make('ul', { class: 'notes' }, ...notes.map((note) => make('li', {}, note))),
    parts.length === 0
      ? null
      : make('ul', { class: 'parts' }, ...parts.map((part) => partItem(message, part))),
  )
}

function factsOf(message: InboxMessage): readonly (readonly [name: string, words: string | HTMLElement])[] {
  const { from, to, arrivedAt, sizeBytes } = message
  const named = message.fields.filter(({ name }) => name.toLowerCase() === 'to').map(({ value }) => value)
  const isOther = named.length > 0 && !to.every((address) => named.join(' ').includes(address))
  const time = make('time', { datetime: new Date(arrivedAt).toISOString() }, exactTime(arrivedAt))
  return [
    ['From', sender(from)],
    ['To', writtenOut(named.join(', ')) || peopleWords(to)],
    ...(isOther ? [['Accepted for', peopleWords(to)] as const] : []),
    ['Arrived', time],
    ['Size', sizeWords(sizeBytes)],
  ]
}

/** A name that is read from right to left leaves the address behind it as it is. */
function sender({ name, address }: InboxMessage['from']): string | HTMLElement {
  const [given, at] = [writtenOut(name), writtenOut(address)]
  return given === ''
    ? at || 'Nobody named'
    : make('span', {}, make('bdi', {}, given), ' ', make('bdi', {}, `<${at}>`))
}

function partItem({ folder, number }: InboxMessage, { index, name, type, sizeBytes, isInline }: MailPart) {
  return make(
    'li',
    {},
    make(
      'a',
      { href: `/api/inbox/${folder}/${number}/parts/${index}`, download: name },
      make('bdi', {}, writtenOut(name)),
    ),
    ` ${writtenOut(type)}, ${sizeWords(sizeBytes)}${isInline ? ', shown within the HTML' : ''}`,
  )
}
