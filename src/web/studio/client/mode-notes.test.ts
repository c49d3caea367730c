import { expect, test } from 'vitest'
import type { Mode } from '../api.js'
import { notesOf } from './mode-notes.js'

const USUAL: Mode = { light: 'light', images: 'on', engine: 'usual' }
const LIGHTS = ['light', 'dark', 'partly', 'fully'] as const

test('the usual picture claims to simulate nothing', () => {
  expect(notesOf(USUAL)).toEqual([])
})

test('every simulation says that it is one, and names a document', () => {
  const modes = [
    ...LIGHTS.slice(1).map((light) => ({ ...USUAL, light })),
    { ...USUAL, images: 'off' as const },
    { ...USUAL, engine: 'bare' as const },
    { ...USUAL, engine: 'word' as const },
  ]

  for (const mode of modes) {
    const [note, ...others] = notesOf(mode)
    expect(others).toEqual([])
    expect(note?.sentence).toMatch(/^A simulation: .*\.$/)
    expect(note?.source?.address).toMatch(/^https:\/\//)
  }
})

test('in Outlook each kind of dark is told as the same, and without style sheets dark as written as light', () => {
  const [partly] = notesOf({ ...USUAL, engine: 'word', light: 'partly' })
  const [bare] = notesOf({ ...USUAL, engine: 'bare', light: 'dark' })

  expect(partly).toEqual(notesOf({ ...USUAL, engine: 'word', light: 'dark' })[0])
  expect(partly?.sentence).toContain('each kind of dark is the same here')
  expect(bare?.sentence).toContain('as in light')
})

test('a web page has its own dark, and no mail program', () => {
  const notes = notesOf({ light: 'fully', images: 'off', engine: 'word' }, 'web')

  expect(notes.map(({ label }) => label)).toEqual(['Dark, as written', 'No pictures'])
})
