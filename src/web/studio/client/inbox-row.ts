/**
 * The row of an inbox, which is all that most people see: sender, subject and preheader, cut as a phone (40 characters) and
 * as a desk (90) cut them; first as the picture below is, and by the other light beside it where there is room.
 */

import type { CopyPiece, CopyView, DraftFacts } from '../api.js'
import { countCharacters, cutPieces } from './cut.js'
import { fill, make } from './dom.js'
import { showPieces } from './pieces.js'

const PHONE = 40
const DESK = 90

export interface Row {
  readonly facts: DraftFacts
  readonly copy: CopyView
  readonly isDark: boolean
  readonly marksHoles: boolean
}

export function openInboxRow(): { readonly element: HTMLElement; show(row: Row): void } {
  const element = make('section', { class: 'inbox-row', 'aria-label': 'Row in the inbox' })
  return {
    element,
    show({ facts, copy, isDark, marksHoles }) {
      const subject = marksHoles ? copy.marked.subject : [copy.subject]
      const preheader = marksHoles ? copy.marked.preheader : [copy.preheader]
      const [mine, other] = isDark ? (['dark', 'light'] as const) : (['light', 'dark'] as const)
      const phone = (light: 'light' | 'dark') =>
        make(
          'div',
          {
            class: 'phone',
            role: 'group',
            'aria-label': `Phone, ${PHONE} characters`,
            'data-light': light,
            'aria-hidden': light === other ? 'true' : null,
          },
          where(light === 'dark' ? 'Phone at night' : 'Phone'),
          make('p', { class: 'from', dir: 'auto' }, facts.from.name),
          day(facts.date),
          line('subject', subject, PHONE),
          line('preheader', preheader, PHONE),
        )
      element.lang = facts.lang
      fill(
        element,
        make('h3', {}, 'In the inbox'),
        make('div', { class: 'phones' }, phone(mine), phone(other)),
        make(
          'div',
          { class: 'desk', role: 'group', 'aria-label': `Desk, ${DESK} characters`, 'data-light': mine },
          where('Desk'),
          make('p', { class: 'from', dir: 'auto' }, facts.from.name),
          deskLine(subject, preheader),
          day(facts.date),
        ),
      )
    },
  }
}

/** What stands in the label of the group as well. */
function where(words: string): HTMLElement {
  return make('p', { class: 'where', 'aria-hidden': 'true' }, words)
}

function line(name: string, pieces: readonly CopyPiece[], most: number): HTMLElement {
  const words = countCharacters(pieces) === 0 ? [`No ${name}`] : showPieces(cutPieces(pieces, most))
  return make('p', { class: name, dir: 'auto', title: counted(name, pieces) }, ...words)
}

/** Subject and preheader share one line there. */
function deskLine(subject: readonly CopyPiece[], preheader: readonly CopyPiece[]): HTMLElement {
  const cutSubject = cutPieces(subject, DESK)
  const left = DESK - countCharacters(cutSubject)
  return make(
    'p',
    { class: 'both', dir: 'auto' },
    make('span', { class: 'subject', title: counted('subject', subject) }, ...showPieces(cutSubject)),
    ' ',
    make(
      'span',
      { class: 'preheader', title: counted('preheader', preheader) },
      ...(left > 1 ? showPieces(cutPieces(preheader, left)) : []),
    ),
  )
}

function counted(name: string, pieces: readonly CopyPiece[]): string {
  return `The ${name} has ${countCharacters(pieces)} characters`
}

/** As inboxes write a day that is not today. */
function day(date: string): HTMLElement {
  const words = new Date(`${date}T12:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
  return make('time', { datetime: date }, words)
}
