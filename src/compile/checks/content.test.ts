import { expect, test } from 'vitest'
import { proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import { InputError } from '../../errors.js'
import { CONTENT_CHECKS } from './content.js'
import { findingOf } from './finding.js'

const run = (id: string, input: Parameters<typeof runCheck>[2]) => runCheck(CONTENT_CHECKS, id, input)

/** What keeps it from being compiled, as `pressrun check` lists it: `C01 templates/…:3`. */
async function refusalOf(options: Parameters<typeof proofOf>[0]): Promise<readonly string[]> {
  try {
    await proofOf(options)
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems
      .map((problem) => findingOf(problem, ''))
      .map(({ id, file, line }) => `${id} ${file}:${line}`)
  }
}

function letter(body: string): string {
  return `<mjml>\n<mj-body>\n${body}\n</mj-body>\n</mjml>`
}

const SECTION = '<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>'

test.each([
  ['C01', 'an attribute of another type', '<mj-section background-color="red;x"></mj-section>'],
  ['C02', 'a tag that is never closed', '<mj-section><mj-column></mj-column>'],
  ['C03', 'text that MJML would drop', '<mj-section>lost words</mj-section>'],
  ['C04', 'an include', '<mj-include path="x.mjml" />'],
  ['C05', 'a misspelt name', `${SECTION}{{titel}}`],
])('%s trips: %s', async (id, _what, body) => {
  const [first] = await refusalOf({ templates: { 'digest/email.mjml': letter(body) } })

  expect(first).toMatch(new RegExp(`^${id} templates/digest/email.mjml:[34]$`))
})

test.each([
  ['C01', 'an attribute of its type', '<mj-section background-color="red"></mj-section>'],
  ['C02', 'tags that close themselves', '<mj-section><mj-column><mj-divider /></mj-column></mj-section>'],
  ['C03', 'text in mj-text', SECTION],
  ['C04', 'an include in a note', `<!-- <mj-include path="x.mjml" /> -->${SECTION}`],
  ['C05', 'the right name', SECTION.replace('>x<', '>{{title}}<')],
])('%s nearly: %s', async (_id, _what, body) => {
  expect(await refusalOf({ templates: { 'digest/email.mjml': letter(body) } })).toEqual([])
})

test.each([
  ['template code in the HTML', '<p>{{title}}</p>'],
  ['an object in the HTML', '<p>[object Object]</p>'],
  ['a lost value', '<p>undefined</p>'],
  ['a lost value in a URL', '<a href="https://t.example.org/undefined">'],
])('C06 trips: %s', async (_what, html) => {
  expect(run('C06', withHtml(await proofOf(), html))).toHaveLength(1)
})

test('C06 trips in the web page and in the subject', async () => {
  const input = await proofOf()
  const [copy] = input.copies
  if (copy === undefined) throw new Error('there is no copy')

  expect(run('C06', { ...input, compiled: { ...input.compiled, web: '<p>NaN</p>' } })).toEqual([
    expect.stringContaining('the web page holds ">NaN<"'),
  ])
  expect(run('C06', { ...input, copies: [{ ...copy, subject: 'Tide {{number}}' }] })).toHaveLength(1)
})

test('C06 nearly: a word in a sentence, and what the editor wrote', async () => {
  const input = await proofOf({
    body: '\n## Code\n\n| a | b |\n|---|---|\n| undefined | `{"a":{"b":1}}` |\n',
  })

  expect(run('C06', input)).toEqual([])
  expect(run('C06', withHtml(input, '<p>The border was left undefined.</p>'))).toEqual([])
})

test('C07 trips: a hole that shows nothing to a reader of whom nothing is known', async () => {
  const body = '\nDear {{subscriber.name}},\n\n{{#if subscriber.city}}\nIn {{subscriber.street}}.\n{{/if}}\n'

  expect(run('C07', await proofOf({ body }))).toEqual([
    expect.stringMatching(/^error 6: {{subscriber.name}} is empty for a reader of whom no name is known/),
    expect.stringMatching(/^error 9: {{subscriber.street}}/),
  ])
  expect(run('C07', await proofOf({ front: "subject: 'Dear {{subscriber.name}}'" }))).toHaveLength(1)
})

test('C07 trips: subscriber.email, which an import makes the address', async () => {
  expect(run('C07', await proofOf({ body: '\nTo {{subscriber.email "you"}}.\n' }))).toEqual([
    'error 6: subscriber.email is known of nobody; write {{subscriber.address}}',
  ])
})

test('C07 nearly: a fallback, the address, a passage for those who have the value', async () => {
  const body =
    '\n{{subscriber.name "reader"}} {{subscriber.address}}\n\n{{#if subscriber.city}}\nIn {{subscriber.city}}.\n{{/if}}\n'

  expect(run('C07', await proofOf({ body }))).toEqual([])
})

test('C08 trips: a hole in a tag without quotes', async () => {
  // MJML quotes attributes only where it writes style sheets into the elements.
  const body = `<mj-raw><p title={{person "name" fallback="x"}}>x</p></mj-raw>`
  const templates = { 'digest/email.mjml': letter(body) }

  expect(run('C08', await proofOf({ templates }))).toEqual([
    expect.stringContaining('a hole stands unquoted within the tag <p title=…>'),
  ])
})

test('C08 nearly: a hole in quotes and in text', async () => {
  const person = '{{person "name" fallback="x"}}'
  const templates = { 'digest/email.mjml': letter(`<mj-raw><p title="${person}">${person}</p></mj-raw>`) }

  expect(run('C08', await proofOf({ templates }))).toEqual([])
})

test('C09 trips: a key that is none, a date that is no day, a warning of the parser', async () => {
  const file = 'issues/2026-03-13-tide.md'

  expect(await refusalOf({ front: 'titel: x' })).toEqual([`C09 ${file}:4`])
  expect(await refusalOf({ front: 'date: 2026-02-30' })).toEqual([`C09 ${file}:3`])
  expect(run('C09', await proofOf({ body: '\n## Views {.commentary}\n\n- **Ada** says no.\n' }))).toEqual([
    'warn 8: this commentary entry has no link; say where it can be read',
  ])
})

test('C09 nearly: an issue as the format wants it', async () => {
  expect(run('C09', await proofOf())).toEqual([])
})

test('C10 trips: a template that makes something at random', async () => {
  const templates = {
    'digest/email.mjml': letter(
      '<mj-section><mj-column><mj-navbar hamburger="hamburger"><mj-navbar-link href="https://example.org/">x</mj-navbar-link></mj-navbar></mj-column></mj-section>',
    ),
  }
  const [one, other] = [await proofOf({ templates }), await proofOf({ templates })]

  expect(run('C10', { ...one, again: other.compiled })).toEqual([
    expect.stringMatching(/^warn -: two compiles differ \(… .+ …\); the template makes something at random/),
  ])
})

test('C10 nearly: two compiles of the same issue', async () => {
  const [one, other] = [await proofOf(), await proofOf()]

  expect(run('C10', { ...one, again: other.compiled })).toEqual([])
})

const declares = 'name: The Tide\nfrom: tide@example.org\nattributes:\n  city: text\n'

test('C11 trips: a hole with a name that is not declared', async () => {
  const body =
    '\nDear {{subscriber.name "reader"}} in {{subscriber.cty "town"}},\n\n{{#if subscriber.shoes}}\nYes.\n{{/if}}\n'

  expect(run('C11', await proofOf({ body, publication: declares }))).toEqual([
    'warn 6: subscriber.cty is no attribute that issues/newsletter.yaml declares; write subscriber.city, or declare it there, as in cty: text',
    'warn 8: subscriber.shoes is no attribute that issues/newsletter.yaml declares; declare it there, as in shoes: text',
  ])
})

test('C11 nearly: a name that is declared, and any where nothing is', async () => {
  const body = '\nIn {{subscriber.city "town"}}, {{subscriber.address}}.\n'

  expect(run('C11', await proofOf({ body, publication: declares }))).toEqual([])
  expect(run('C11', await proofOf({ body: '\n{{subscriber.cty "town"}}\n' }))).toEqual([])
})
