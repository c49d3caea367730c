import { expect, test } from 'vitest'
import { proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import type { CheckInput } from './check.js'
import { TEXT_CHECKS } from './text-part.js'

const run = (id: string, input: CheckInput) => runCheck(TEXT_CHECKS, id, input)

function withText(input: CheckInput, text: string): CheckInput {
  return { ...input, worst: { ...input.worst, text } }
}

const WORDS = 'water lock tide quay barrier flood moon spring ebb harbour'

test('T01 trips: a text part that is empty, or says much less, is an error', async () => {
  const input = withHtml(await proofOf(), `<p>${WORDS}</p>`)

  expect(run('T01', withText(input, ' \n'))).toEqual([
    expect.stringContaining('error -: the text part is empty'),
  ])
  expect(run('T01', withText(input, 'water lock'))).toEqual([
    expect.stringContaining('error -: the text part has 2 words, the HTML 10'),
  ])
})

test('T01 trips: a text part that says other things is a warning', async () => {
  const input = withHtml(await proofOf(), `<p>${WORDS}</p>`)

  expect(run('T01', withText(input, 'water lock tide quay barrier flood a b c d'))).toEqual([
    expect.stringContaining("warn -: the text part lacks 4 of the HTML's 10 words (moon, spring,"),
  ])
})

test('T01 nearly: most words; what is hidden is no word; no spaces in Chinese', async () => {
  const input = await proofOf()
  const hidden = `<title>x y z</title><div style="display:none">${'a b c '.repeat(30)}</div>`

  expect(run('T01', withText(withHtml(input, `${hidden}<p>${WORDS}</p>`), WORDS.slice(0, -12)))).toEqual([])
  expect(run('T01', withText(withHtml(input, '<p>潮水已經退去了</p>'), '潮水已經\n退去了'))).toEqual([])
})

test.each([
  ['a tag', 'The <b>tide</b>', 'the tag <b>'],
  ['an entity', 'Tide &amp; time', 'the entity &amp;'],
  ['filler', 'Tide \u2007\ufeff\u034f \u2007\ufeff\u034f ', "the preheader's filler"],
  ['the URL of a picture', 'https://tide.example.org/i/1.png', 'the URL of a picture'],
])('T02 trips: the text part holds %s', async (_what, text, message) => {
  const input = withHtml(await proofOf(), '<p>Tide &amp;</p><img src="https://tide.example.org/i/1.png">')

  expect(run('T02', withText(input, text))).toEqual([
    expect.stringContaining(`error -: the text part holds ${message}`),
  ])
})

test('T02 trips: a link that the HTML has is not in the text part', async () => {
  const input = await proofOf({ body: '\n[One](https://example.org/1)\n\n[Two](https://example.org/2)\n' })
  const url = /https:\/\/tide\.example\.org\/c\/\w+\/1/.exec(input.worst.text)?.[0] ?? ''

  expect(run('T02', withText(input, input.worst.text.replace(url, `${url}0`)))).toEqual([
    expect.stringMatching(/^error 8: the text part lacks a link that the HTML has/),
  ])
})

test('T02 nearly: an issue about HTML, a picture that is a link, every link there', async () => {
  const body = '\nWrite `<b>` and `&amp;`, see [this](https://example.org/1).\n\nOr \\<i>.\n'

  expect(run('T02', await proofOf({ body }))).toEqual([])
})

test('T03 trips: code wider than a terminal is worth knowing', async () => {
  const input = await proofOf({ body: `\n\`\`\`\n${'wide '.repeat(20)}\n\`\`\`\n` })

  expect(run('T03', input)).toEqual([expect.stringMatching(/^info -: a line of the text part is wider/)])
})

test('T03 nearly: long paragraphs, which are wrapped, and URLs, which cannot be', async () => {
  const input = await proofOf({
    body: `\n${'Water and time. '.repeat(30)}\n\n[x](https://example.org/${'x'.repeat(90)})\n`,
  })

  expect(run('T03', input)).toEqual([])
})
