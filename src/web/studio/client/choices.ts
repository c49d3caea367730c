/** What can be chosen in the toolbar: each view, width and mode by the word that stands on its button. */

import type { Mode } from '../api.js'
import type { CompareAs, State, View } from './state.js'

export interface Choice<T> {
  readonly value: T
  readonly label: string
}

export const VIEW_CHOICES: readonly Choice<View>[] = [
  { value: 'mail', label: 'Mail' },
  { value: 'text', label: 'Text' },
  { value: 'web', label: 'Web page' },
  { value: 'source', label: 'Source' },
]

/** CSS pixels. */
export const WIDTH_CHOICES: readonly Choice<State['width']>[] = [
  { value: 375, label: 'Phone' },
  { value: 768, label: 'Tablet' },
  { value: 1280, label: 'Desktop' },
  { value: null, label: 'Fit' },
]

export const LIGHT_CHOICES: readonly Choice<Mode['light']>[] = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'partly', label: 'Part darkened' },
  { value: 'fully', label: 'Darkened' },
]

export const IMAGE_CHOICES: readonly Choice<Mode['images']>[] = [
  { value: 'on', label: 'Pictures' },
  { value: 'off', label: 'No pictures' },
]

export const ENGINE_CHOICES: readonly Choice<Mode['engine']>[] = [
  { value: 'usual', label: 'Usual' },
  { value: 'bare', label: 'No styles' },
  { value: 'word', label: 'Outlook' },
]

export const COMPARE_CHOICES: readonly Choice<CompareAs>[] = [
  { value: 'beside', label: 'Side by side' },
  { value: 'over', label: 'Overlaid' },
  { value: 'difference', label: 'Difference' },
]

/** The one after this; the first after the last, and after what is none of them. */
export function nextChoice<T>(choices: readonly Choice<T>[], value: T): Choice<T> | undefined {
  const at = choices.findIndex((one) => one.value === value)
  return choices[(at + 1) % choices.length]
}
