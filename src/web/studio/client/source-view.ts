/** The message as it goes to the wire: each header field with what it is for, and the body as it stands. */

import { fill, make } from './dom.js'
import { headerNote } from './header-notes.js'
import { readMimeText } from './mime-text.js'

export function openSourceView(): { readonly element: HTMLElement; show(raw: string, url: string): void } {
  const element = make('div', { class: 'source' })
  let shown = ''
  return {
    element,
    show(raw, url) {
      if (raw === shown) return
      shown = raw
      const { fields, body } = readMimeText(raw)
      fill(
        element,
        make(
          'p',
          { class: 'facts' },
          `${new TextEncoder().encode(raw).length.toLocaleString('en')} bytes as it goes to the wire. `,
          make('a', { href: url, download: 'message.eml' }, 'Save as .eml'),
        ),
        make(
          'dl',
          {},
          ...fields.flatMap(({ name, value }) => [
            make('dt', {}, name),
            make(
              'dd',
              {},
              make('code', {}, value),
              headerNote(name) === '' ? null : make('p', { class: 'facts' }, headerNote(name)),
            ),
          ]),
        ),
        make('pre', { class: 'body', tabindex: 0, 'aria-label': 'Body', role: 'region' }, body),
      )
    },
  }
}
