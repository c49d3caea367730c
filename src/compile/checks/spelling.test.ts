import { expect, test } from 'vitest'
import { proofOf, runCheck } from '../../../tests/rig/proof.js'
import { LANGUAGE_CHECKS } from './language.js'

/** What N01 says of a text that begins on line 8. */
async function spell(text: string, options: { readonly front?: string; readonly words?: string[] } = {}) {
  return runCheck(LANGUAGE_CHECKS, 'N01', await proofOf({ ...options, body: `\n## Locks\n\n${text}\n` }))
}

test('N01: a slip is told with its line and what was probably meant', async () => {
  const found = await spell('The goverment will\nrecieve teh harbuor, and the goverment will wait.')

  expect(found).toEqual([
    'warn 8: "goverment" is in no dictionary (also in line 9); write government, or add it to issues/words.txt',
    'warn 9: "recieve" is in no dictionary; write receive or relieve, or add it to issues/words.txt',
    expect.stringMatching(/^warn 9: "teh" is in no dictionary; write the or /),
    expect.stringMatching(/^warn 9: "harbuor" is in no dictionary; write harbour or /),
  ])
})

test('N01: a slip in a headline, in the title, in an alternative text and at the start of a sentence counts', async () => {
  const input = await proofOf({
    front: 'title: High watter',
    body: '\n## The Goverment and the Lcok\n\nTeh tide. It was the Comission.\n',
  })

  expect(runCheck(LANGUAGE_CHECKS, 'N01', input)).toEqual([
    expect.stringMatching(/^warn 3: "watter" .* write .*water/),
    expect.stringMatching(/^warn 6: "Goverment" .* write Government/),
    expect.stringMatching(/^warn 8: "Teh" .* write The/),
    expect.stringMatching(/^warn 8: "Comission" .* write Commission/),
  ])
})

test('N01: British and American spellings are both right, and so are their kin', async () => {
  const text =
    'The harbourmaster’s programme was organised, organized and travelled; haemorrhaging labour, the neighbouring ' +
    'centre’s colourful defence, judgement and judgment, licences, sceptics, decarbonisation, 15 tonnes and metres, ' +
    'learnt amongst grey ploughs, cheques and tyres; a skilful manoeuvre of analysed catalogues.'

  expect(await spell(text)).toEqual([])
})

test('N01: names, terms, other scripts, code, addresses and numbers are nobody’s slips', async () => {
  const text =
    'Xi Jinping met Antony Blinken, Suk-yeol Yoon and Ms. Raimondo of UNCTAD in Zürich and 北京. See https://exmple.org, ' +
    'jo@exmple.org, `goverment`, README.md, @goverment, #goverment, iPhones, 3rd, McDowell’s, e.g. and i.e. ' +
    'Cybersecurity, geoeconomics, non-tariff, yearlong and healthcare are words. A zugzwang, the zugzwang and that zugzwang.'

  expect(await spell(text)).toEqual([])
})

test('N01: a strange word in small letters is told, unless it is a term by its third time', async () => {
  expect(await spell('The zugzwang of the zugzwang.')).toEqual([
    'warn 8: "zugzwang" is in no dictionary; mend it, or add it to issues/words.txt',
  ])
})

test('N01: words of the publication’s own, of its bylines and name, are right in either case', async () => {
  const text = 'Zugzwang, a zugzwang’s end. Nitrile and Varrga write for the tidde.'

  expect(
    await spell(text, { words: ['zugzwang', 'Nitrile seals', 'tidde'], front: 'authors: Ines Varrga' }),
  ).toEqual([])
})

test('N01: a list is as it is written: a name with a capital is no word in small letters', async () => {
  expect(await spell('The nitrilo of the Nitrilo.', { words: ['Nitrilo'] })).toEqual([
    expect.stringContaining('"nitrilo" is in no dictionary; write Nitrilo'),
  ])
})

test('N01: of another language nothing is said, of an English Section within it everything', async () => {
  const input = await proofOf({
    front: 'lang: de',
    body: '\n## Schleusen\n\nDie Schleusse war zu.\n\n## Locks {lang=en}\n\nThe goverment said so.\n',
  })

  expect(runCheck(LANGUAGE_CHECKS, 'N01', input)).toEqual([expect.stringContaining('warn 13: "goverment"')])
})

test('N01: after twenty words the rest is counted', async () => {
  const slips = Array.from(
    { length: 32 },
    (_, at) => `wa${String.fromCharCode(97 + (at % 26))}terq${at > 25 ? 'z' : ''}`,
  )
  const found = await spell(slips.join(' '))

  expect(found).toHaveLength(20)
  expect(found.at(-1)).toContain('and 12 more words below')
})
