/** The form in which a reader is written: a name to pick them by, and a field for each value that the issue asks. */

import type { AskedValue, SampleReader } from '../api.js'
import { make } from './dom.js'

export interface ReaderFormInput {
  readonly asked: readonly AskedValue[]
  /** Who is changed; null: a new one. */
  readonly reader: SampleReader | null
  /** What keeps this label from being taken, as a sentence; null: nothing. */
  readonly describeTaken: (label: string) => string | null
  readonly onKeep: (reader: SampleReader) => void
  readonly onCancel: () => void
}

const MAX_LABEL = 60

export function makeReaderForm({
  asked,
  reader,
  describeTaken,
  onKeep,
  onCancel,
}: ReaderFormInput): HTMLFormElement {
  const label = make('input', { name: 'label', required: true, maxlength: MAX_LABEL, autocomplete: 'off' })
  label.value = reader?.label ?? ''
  const trouble = make('p', { class: 'trouble', role: 'alert' })
  const fields = asked.map((one) => ({ one, control: makeControl(one, reader?.values[one.name] ?? '') }))

  function keep(event: Event): void {
    event.preventDefault()
    const name = label.value.trim()
    trouble.textContent = name === '' ? 'Write a name to pick the reader by.' : (describeTaken(name) ?? '')
    if (trouble.textContent !== '') {
      label.focus()
      return
    }
    const written = fields.map(({ one, control }): [string, string] => [one.name, control.value.trim()])
    const values = { ...reader?.values, ...Object.fromEntries(written) }
    onKeep({
      label: name,
      values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')),
    })
  }

  const form = make(
    'form',
    {
      class: 'reader-form',
      'aria-label': reader === null ? 'A new reader' : `Change ${reader.label}`,
      onsubmit: keep,
      onkeydown: (event) => {
        if (event instanceof KeyboardEvent && event.key === 'Escape') {
          event.stopPropagation()
          onCancel()
        }
      },
    },
    make('label', {}, 'Name to pick them by', label),
    ...fields.map(({ one, control }) => make('label', {}, one.name.replaceAll('_', ' '), control)),
    trouble,
    make(
      'div',
      { class: 'acts' },
      make('button', { type: 'submit' }, 'Keep and show'),
      make('button', { type: 'button', class: 'plain', onclick: onCancel }, 'Cancel'),
    ),
  )
  queueMicrotask(() => {
    form.scrollIntoView({ block: 'nearest' })
    label.focus()
  })
  return form
}

function makeControl(
  { name, kind, choices }: AskedValue,
  value: string,
): HTMLInputElement | HTMLSelectElement {
  const control =
    kind === 'yesNo' || kind === 'oneOf'
      ? makeChoice(name, kind === 'yesNo' ? ['yes', 'no'] : choices)
      : make('input', { name, ...INPUTS[kind], autocomplete: 'off' })
  control.value = value
  return control
}

const INPUTS = {
  text: { type: 'text' },
  number: {
    type: 'text',
    inputmode: 'decimal',
    pattern: '-?[0-9]+([.][0-9]+)?',
    title: 'A number, as 1234.5',
  },
  date: { type: 'date' },
} as const

function makeChoice(name: string, choices: readonly string[]): HTMLSelectElement {
  const options = choices.map((choice) => make('option', { value: choice }, choice))
  return make('select', { name }, make('option', { value: '' }, 'not known'), ...options)
}
