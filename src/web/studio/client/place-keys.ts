/** From place to place by key: the issues, the inbox, the issue above or below in the list, the field that filters it. */

import type { StudioPage } from './studio-page.js'

export function addPlaceKeys({ store, key }: StudioPage): void {
  key(']', 'Next issue', () => step(1))
  key('[', 'Issue before', () => step(-1))
  key('g i', 'Go to the issues', () => store.set({ place: { kind: 'issues' }, compareWith: null }))
  key('g m', 'Go to the inbox', () =>
    store.set({ place: { kind: 'inbox', message: null }, compareWith: null }),
  )
  key('/', 'Filter the list', () => document.querySelector<HTMLElement>('input[type=search]')?.focus())
}

/** As the list has them, whatever it is filtered by. */
function step(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.list a[href^="/issues/"]')]
  const at = links.findIndex(({ pathname }) => pathname === location.pathname)
  links[at + by]?.click()
}
