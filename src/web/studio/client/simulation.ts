/** What of the picture is a simulation, in a sentence each, and by whose word; several are folded below their names. */

import { fill, make } from './dom.js'
import { type ModeNote, notesOf } from './mode-notes.js'
import type { StudioPage } from './studio-page.js'

export function openSimulation({ store }: Pick<StudioPage, 'store'>): HTMLElement {
  const names = make('summary')
  const sentences = make('div')
  const folded = make('details', {}, names, sentences)
  const element = make('div', { class: 'simulation' })
  const show = () => {
    const { view, mode } = store.get()
    const notes = view === 'mail' || view === 'web' ? notesOf(mode, view) : []
    element.hidden = notes.length === 0
    if (notes.length < 2) return fill(element, ...notes.map(noteLine))
    names.textContent = `Simulations: ${notes.map(({ label }) => label).join('; ')}`
    fill(sentences, ...notes.map(noteLine))
    if (folded.parentElement === null) fill(element, folded)
  }
  store.on(show)
  show()
  return element
}

function noteLine({ label, sentence, source }: ModeNote): HTMLElement {
  const named = make('strong', {}, `${label}. `)
  if (source === null) return make('p', {}, named, sentence)
  const link = make('a', { href: source.address, target: '_blank', rel: 'noreferrer noopener' }, source.name)
  return make('p', {}, named, `${sentence} Source: `, link, '.')
}
