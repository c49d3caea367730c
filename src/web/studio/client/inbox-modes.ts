/** How a mail program may show a message of the inbox: the same choices as for an issue, and what each simulates. */

import type { Mode } from '../api.js'
import { openChoiceGroup } from './choice-group.js'
import { ENGINE_CHOICES, IMAGE_CHOICES, LIGHT_CHOICES, WIDTH_CHOICES } from './choices.js'
import { fill, make } from './dom.js'
import { notesOf } from './mode-notes.js'
import type { StudioPage } from './studio-page.js'

export function openInboxModes({ store }: Pick<StudioPage, 'store'>): HTMLElement {
  const setMode = (change: Partial<Mode>) => store.set({ mode: { ...store.get().mode, ...change } })
  const widths = openChoiceGroup('Width', WIDTH_CHOICES, (width) => store.set({ width }))
  const lights = openChoiceGroup('Light', LIGHT_CHOICES, (light) => setMode({ light }))
  const images = openChoiceGroup('Images', IMAGE_CHOICES, (shown) => setMode({ images: shown }))
  const engines = openChoiceGroup('Mail program', ENGINE_CHOICES, (engine) => setMode({ engine }))
  const notes = make('div', { class: 'simulated' })

  const show = () => {
    const { mode, width } = store.get()
    widths.show(width)
    lights.show(mode.light)
    images.show(mode.images)
    engines.show(mode.engine)
    fill(
      notes,
      ...notesOf(mode).map(({ label, sentence, source }) =>
        make(
          'p',
          {},
          make('b', {}, `${label}. `),
          sentence,
          source === null
            ? null
            : make('span', { class: 'by' }, ` Source: ${source.name}, ${source.address}`),
        ),
      ),
    )
  }
  store.on(show)
  show()
  return make(
    'div',
    { class: 'inbox-modes' },
    make('div', { class: 'groups' }, widths.element, lights.element, images.element, engines.element),
    notes,
  )
}
