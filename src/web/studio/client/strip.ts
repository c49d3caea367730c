/** What keeps the file from being shown as it is now, each with its place; below it stays the last picture that was whole. */

import type { DraftView } from '../api.js'
import { fill, make } from './dom.js'
import { placeLink } from './places.js'

const MOST_SHOWN = 5

export function openStrip(): { readonly element: HTMLElement; show(draft: DraftView | null): void } {
  const element = make('div', { class: 'strip', role: 'alert' })
  return {
    element,
    show(draft) {
      const problems = draft?.problems ?? []
      element.hidden = problems.length === 0
      const rest = problems.length - MOST_SHOWN
      fill(
        element,
        make(
          'p',
          {},
          make('strong', {}, 'It cannot be shown as it is now. '),
          draft?.version === 0
            ? 'There is no picture yet; it comes when this is mended.'
            : 'Below is the last picture that was whole.',
        ),
        make(
          'ul',
          {},
          ...problems
            .slice(0, MOST_SHOWN)
            .map(({ where, line, message }) =>
              make(
                'li',
                {},
                where === '' ? null : placeLink(where, line),
                where === '' ? null : ' ',
                message,
              ),
            ),
          rest > 0 ? make('li', {}, `And ${rest} more.`) : null,
        ),
      )
    },
  }
}
