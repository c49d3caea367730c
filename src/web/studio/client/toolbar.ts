/** Views, widths and modes, by button and by key. */

import type { Mode } from '../api.js'
import { openChoiceGroup } from './choice-group.js'
import {
  type Choice,
  ENGINE_CHOICES,
  IMAGE_CHOICES,
  LIGHT_CHOICES,
  nextChoice,
  VIEW_CHOICES,
  WIDTH_CHOICES,
} from './choices.js'
import { make } from './dom.js'
import type { StudioPage } from './studio-page.js'

type ToolbarPage = Pick<StudioPage, 'store' | 'key' | 'say'>

export function openToolbar(page: ToolbarPage): HTMLElement {
  const { store } = page
  const setMode = (change: Partial<Mode>) => store.set({ mode: { ...store.get().mode, ...change } })
  const views = openChoiceGroup('View', VIEW_CHOICES, (view) => store.set({ view }))
  const widths = openChoiceGroup('Width', WIDTH_CHOICES, (width) => store.set({ width }))
  const lights = openChoiceGroup('Light', LIGHT_CHOICES, (light) => setMode({ light }))
  const images = openChoiceGroup('Pictures', IMAGE_CHOICES, (shown) => setMode({ images: shown }))
  const engines = openChoiceGroup('Mail program', ENGINE_CHOICES, (engine) => setMode({ engine }))
  const modes = make('div', { class: 'modes', id: 'modes' }, lights.element, images.element, engines.element)
  const opensModes = make(
    'button',
    { class: 'opens-modes', 'aria-expanded': 'false', 'aria-controls': 'modes' },
    'Modes',
  )
  opensModes.addEventListener('click', () => {
    const isOpen = modes.classList.toggle('open')
    opensModes.setAttribute('aria-expanded', String(isOpen))
  })
  addKeys(page, setMode)

  const show = () => {
    const { view, width, mode } = store.get()
    const isPicture = view === 'mail' || view === 'web'
    views.show(view)
    widths.show(width)
    lights.show(mode.light)
    images.show(mode.images)
    engines.show(mode.engine)
    modes.hidden = !isPicture
    widths.element.hidden = !isPicture
    opensModes.hidden = !isPicture
    // A web page is read in a browser, not in a mail program.
    engines.element.hidden = view === 'web'
  }
  store.on(show)
  show()
  return make('div', { class: 'toolbar' }, views.element, widths.element, opensModes, modes)
}

function addKeys({ store, key, say }: ToolbarPage, setMode: (change: Partial<Mode>) => void): void {
  VIEW_CHOICES.forEach(({ value, label }, index) => {
    key(String(index + 1), `Show ${label.toLowerCase()}`, () => store.set({ view: value }))
  })
  const turn = <T>(choices: readonly Choice<T>[], value: T, choose: (value: T) => void) => {
    const next = nextChoice(choices, value)
    if (next === undefined) return
    choose(next.value)
    say(next.label)
  }
  key('w', 'Next width', () => turn(WIDTH_CHOICES, store.get().width, (width) => store.set({ width })))
  key('d', 'Next light', () => turn(LIGHT_CHOICES, store.get().mode.light, (light) => setMode({ light })))
  key('i', 'Pictures on or off', () =>
    turn(IMAGE_CHOICES, store.get().mode.images, (images) => setMode({ images })),
  )
  key('o', 'Next mail program', () =>
    turn(ENGINE_CHOICES, store.get().mode.engine, (engine) => setMode({ engine })),
  )
}
