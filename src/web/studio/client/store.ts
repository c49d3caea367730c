/** The one State of this page. It stands in the address, so back, forward, reload and a copied link show the same. */

import { readAddress, writeAddress } from './address.js'
import type { State, Store } from './state.js'

export function openStore(): Store {
  const listeners: ((state: State, before: State) => void)[] = []
  let state = readAddress(new URL(location.href))

  function become(next: State): void {
    const before = state
    state = next
    for (const listener of listeners) listener(state, before)
  }

  addEventListener('popstate', () => become(readAddress(new URL(location.href))))

  return {
    get: () => state,
    set(change) {
      const next = { ...state, ...change }
      const address = writeAddress(next)
      if (address !== location.pathname + location.search) {
        if (isStep(state, next)) history.pushState(null, '', address)
        else history.replaceState(null, '', address)
      }
      become(next)
    },
    on: (listener) => void listeners.push(listener),
  }
}

/** What one would go back to; a width that is dragged would leave a hundred steps. */
function isStep(before: State, next: State): boolean {
  return (
    before.view !== next.view ||
    before.compareWith !== next.compareWith ||
    writeAddress({ ...before, place: next.place }) === writeAddress(next)
  )
}
