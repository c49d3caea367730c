import { expect, test } from 'vitest'
import { proofOf } from '../../../tests/rig/proof.js'
import type { CheckInput } from './check.js'

/** `tag: words at line` of every element that stands on a line of the issue. */
function linesOf({ page }: CheckInput): string[] {
  return page.elements.flatMap(({ tag, line }) => (line === null ? [] : [`${tag} ${line}`]))
}

test('elements know the line of the issue that they are from', async () => {
  const input = await proofOf({
    body: `
Dear reader, a note

## Locks {kicker="Coast"}
By Ines Varga

One
line, then [a
link](https://example.org/a).

- An item
  - and one below it with *words*

| a | b |
|---|---|
| c | [d](https://example.org/d) |
`,
  })

  const lines = linesOf(input)

  expect(lines).toEqual(
    expect.arrayContaining(['p 6', 'h2 8', 'p 8', 'p 11', 'a 12', 'li 15', 'em 16', 'a 20']),
  )
  expect(lines).not.toContain('body 6')
})

test('a passage for some readers has its lines in either branch', async () => {
  const input = await proofOf({
    body: `
{{#if subscriber.city}}
To {{subscriber.city}}.
{{else}}
[Online](https://example.org/).
{{/if}}
`,
  })

  expect(linesOf(input)).toContain('a 9')
  expect(input.copies[0]?.html).toContain('Online')
})

test('what a copy holds is what is sent: no mark of a line is left', async () => {
  const input = await proofOf({ body: '\n- a\n- b\n\n  c\n\n```\ncode\n  more\n```\n\nx  \ny\n' })

  expect(JSON.stringify([input.copies, input.compiled, input.mjml])).not.toMatch(/[\ue000-\ue00f]/)
  expect(input.copies[0]?.html).toBe(
    input.compiled.html.map((piece) => (typeof piece === 'string' ? piece : 'A'.repeat(22))).join(''),
  )
})

test('readers are the one of whom nothing is known, odd ones, and the one whose copy is longest', async () => {
  const input = await proofOf({
    front: `subject: '{{subscriber.name "reader"}}, the tide'`,
    body: `
Dear {{subscriber.name "reader"}},

{{#if subscriber.city}}
We come.
{{else}}
We meet online, and this branch is much longer than the other, so that nobody who has a city gets the worst copy.
{{/if}}
`,
  })

  expect(input.copies[0]).toMatchObject({ values: { name: '', city: '' }, subject: 'reader, the tide' })
  expect(input.worst).toMatchObject({ values: { city: '' } })
  expect(input.worst.values.name?.length).toBe(60)
  expect(input.copies.map(({ text }) => text.includes('We come.'))).toContain(true)
  expect(input.worst.html.length).toBe(Math.max(...input.copies.map(({ html }) => html.length)))
  expect(Buffer.from(input.wire).toString('latin1')).toContain('To: =?utf-8?Q?Maximiliane_')
})

test('the tree of the template names its files and lines, and holds no attribute that nobody wrote', async () => {
  const { mjml } = await proofOf()

  const head = mjml.children[0]
  expect(mjml).toMatchObject({ tag: 'mjml', where: 'templates/digest/email.mjml', line: 1 })
  expect(head).toMatchObject({ tag: 'mj-head', attributes: {} })
})

test('style sheets are parsed, each on its own', async () => {
  const { styles } = await proofOf()

  expect(styles.length).toBeGreaterThan(0)
  expect(styles.flatMap(({ errors }) => errors)).toEqual([])
})
