/** The sheet of keyboard shortcuts. */

import { fill, make } from './dom.js'
import type { Keys } from './keys.js'

export function openHelp(keys: Keys): HTMLElement {
  const list = make('dl')
  const close = make('button', { onclick: () => sheet.close() }, 'Close')
  const sheet = make(
    'dialog',
    { class: 'help', 'aria-labelledby': 'help-heading' },
    make('header', {}, make('h2', { id: 'help-heading' }, 'Keyboard shortcuts'), close),
    list,
    make('p', { class: 'facts' }, 'None of them while you type.'),
  )
  sheet.addEventListener('click', (event) => {
    if (event.target === sheet) sheet.close()
  })
  sheet.addEventListener('keydown', (event) => {
    if (event.key === '?') sheet.close()
  })
  keys.add({
    key: '?',
    what: 'This sheet',
    act() {
      fill(
        list,
        ...keys
          .list()
          .map(({ key, what }) => make('div', {}, make('dt', {}, ...keyCaps(key)), make('dd', {}, what))),
      )
      sheet.showModal()
    },
  })
  return sheet
}

function keyCaps(key: string): (string | HTMLElement)[] {
  return key
    .split(' ')
    .flatMap((one, index) => [...(index === 0 ? [] : [' ']), make('kbd', {}, one === 'Escape' ? 'Esc' : one)])
}
