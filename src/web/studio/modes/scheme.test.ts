import { expect, test } from 'vitest'
import { chooseScheme, isDarkAware } from './scheme.js'

const MAIL = `<head><meta name="color-scheme" content="light dark"><style>
p { color: black }
@media (prefers-color-scheme: dark) { p { color: white } }
@media (prefers-color-scheme:light) and (min-width: 400px) { p { color: navy } }
</style><style media="( prefers-color-scheme : dark )">b { color: red }</style></head><p title="(prefers-color-scheme: dark)">(prefers-color-scheme: dark)</p>`

test('dark styles hold in dark and light ones do not, whatever the machine prefers', () => {
  const dark = chooseScheme(MAIL, 'dark')

  expect(dark).toContain('@media (min-width:0px) { p { color: white } }')
  expect(dark).toContain('@media (max-width:0px) and (min-width: 400px) { p { color: navy } }')
  expect(dark).toContain('<style media="(min-width:0px)">')
})

test('in light it is the other way round', () => {
  const light = chooseScheme(MAIL, 'light')

  expect(light).toContain('@media (max-width:0px) { p { color: white } }')
  expect(light).toContain('@media (min-width:0px) and (min-width: 400px)')
  expect(light).toContain('<style media="(max-width:0px)">')
})

test('words that read like a query stay words', () => {
  expect(chooseScheme(MAIL, 'dark')).toContain(
    '<p title="(prefers-color-scheme: dark)">(prefers-color-scheme: dark)</p>',
  )
})

test('a choice that was made is not made anew', () => {
  const dark = chooseScheme(MAIL, 'dark')

  expect(chooseScheme(dark, 'dark')).toBe(dark)
  expect(chooseScheme(dark, 'light')).toBe(dark)
})

test('a mail that says so knows dark', () => {
  expect(isDarkAware(MAIL)).toBe(true)
  expect(isDarkAware('<meta name="color-scheme" content="light"><p>dark</p>')).toBe(false)
})
