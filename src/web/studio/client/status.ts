/** The foot: what was done last, read out too, and whether the studio is there. */

import { make } from './dom.js'
import type { Live } from './live.js'

export interface Status {
  readonly element: HTMLElement
  say(sentence: string): void
}

export function openStatus(live: Live): Status {
  const said = make('span', { role: 'status' })
  const connection = make('span', { class: 'connection', 'data-state': 'opening' }, 'Connecting')
  live.onOpen(() => {
    connection.dataset.state = 'live'
    connection.textContent = 'Live'
  })
  live.onLost(() => {
    connection.dataset.state = 'lost'
    connection.textContent = 'Reconnecting: the studio does not answer'
  })
  return {
    element: make('footer', {}, said, connection),
    say(sentence) {
      said.textContent = sentence
    },
  }
}
