import { expect, test } from 'vitest'
import type { Holed } from '../compiled.js'
import { findBadPlaces } from './hole-place.js'

const row = (cell: string) => `<tr><td>${cell}</td></tr>`
const passage = (...present: (string | typeof name)[]) =>
  ({ kind: 'choice', name: 'city', present, absent: [] }) as const
const name = { kind: 'person', name: 'name', fallback: '' } as const
const ROW = {
  kind: 'choice',
  name: 'city',
  present: ['\n<tr><td>', name, '</td></tr>\n'],
  absent: [],
} as const

test.each<[string, Holed]>([
  ['within <style>', ['<style>a{content:"', name, '"}</style>']],
  ['within <script>', ['<script>var a = "', name, '"</script>']],
  ['unquoted within the tag <a href=…>', ['<a href=', name, '>x</a>']],
  ['unquoted within the tag <a …="x">', ['<a ', name, '="x">x</a>']],
  ['between the tags of a table', ['<table><tr>', name, '<td>x</td></tr></table>']],
  ['between the tags of a table', ['<tr><td>x</td></tr>', { ...ROW, present: ['x'] }, '</table>']],
  ['between the tags of a table', ['<tr><td>x</td> <!-- y --> ', name, '</tr>']],
  ['between the tags of a table', ['<table>', passage('words'), row('x'), '</table>']],
  ['unquoted within the tag <td …>', ['<table>', passage('<tr><td ', name, '></td></tr>'), '</table>']],
])('a hole %s is badly placed', (place, html) => {
  expect(findBadPlaces(html)).toEqual([place])
})

test.each<[string, Holed]>([
  ['in text', ['<p>Dear ', name, '</p>']],
  ['in a quoted attribute', ['<a title="', name, "\" href='x'>x</a>"]],
  ['in a cell', ['<table><tr><td>', name, '</td></tr></table>']],
  ['as rows of a table', ['<table>', row('x'), passage(row('y')), '</table>']],
  ['after a table', ['<table><tr><td>x</td></tr></table>', name]],
  ['of a passage that is a whole row', ['<table><tr><td>x</td></tr>', ROW, '</table>']],
  ['in text that says "style"', ['<p>style ', name, ' &lt;script&gt;</p>']],
])('a hole %s is well placed', (_where, html) => {
  expect(findBadPlaces(html)).toEqual([])
})
