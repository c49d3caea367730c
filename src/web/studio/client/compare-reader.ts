/** Whose copies are compared, where several readers are looked at. */

import { fill, make } from './dom.js'
import { comparedReader, type State, type Store } from './state.js'

export function openCompareReader(store: Pick<Store, 'set'>): {
  readonly element: HTMLElement
  show(state: State): void
} {
  let labels: readonly string[] = []
  const choice = make('select', {
    onchange: () => store.set({ compareFor: labels[choice.selectedIndex] ?? null }),
  })
  const element = make('label', { class: 'compare-reader' }, 'Reader ', choice)
  return {
    element,
    show(state) {
      const { readers } = state
      element.hidden = readers.length < 2
      const told = JSON.stringify(labels)
      labels = readers.map(({ label }) => label)
      // One that is open stays open while the picture is drawn anew.
      if (told !== JSON.stringify(labels)) fill(choice, ...labels.map((label) => make('option', {}, label)))
      choice.selectedIndex = readers.indexOf(comparedReader(state))
    },
  }
}
