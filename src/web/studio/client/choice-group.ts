/** A few words side by side, of which one is chosen. */

import type { Choice } from './choices.js'
import { make } from './dom.js'

export interface ChoiceGroup<T> {
  readonly element: HTMLElement
  show(value: T): void
}

export function openChoiceGroup<T>(
  label: string,
  choices: readonly Choice<T>[],
  onChoose: (value: T) => void,
): ChoiceGroup<T> {
  const buttons = choices.map((choice) => ({
    value: choice.value,
    button: make('button', { onclick: () => onChoose(choice.value) }, choice.label),
  }))
  return {
    element: make(
      'div',
      { class: 'choices', role: 'group', 'aria-label': label },
      ...buttons.map(({ button }) => button),
    ),
    show(value) {
      for (const one of buttons) one.button.setAttribute('aria-pressed', String(one.value === value))
    },
  }
}
