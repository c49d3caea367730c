import { expect, test } from 'vitest'
import { proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import type { CheckInput, PastIssue } from './check.js'
import { LANGUAGE_CHECKS } from './language.js'

/** An issue of 13 March 2026, a Friday; its paragraphs stand on lines 8, 10, 12 … */
async function withText(paragraphs: readonly string[], front = ''): Promise<CheckInput> {
  return proofOf({ front, body: `\n## Locks\n\n${paragraphs.join('\n\n')}\n` })
}

test('N02: what was left for later is an error, wherever readers would see it', async () => {
  const input = await proofOf({
    front: 'subject: TBD\npreheader: "[headline]"',
    body: '\n## TODO a headline {kicker="XXX"}\n\nThey said\nlorem ipsum. See [link], or TK. Why???\n',
  })

  expect(runCheck(LANGUAGE_CHECKS, 'N02', input)).toEqual([
    'error 4: "TBD" was left for later; write what belongs there, or take it out',
    expect.stringContaining('error 5: "[headline]"'),
    expect.stringContaining('error 8: "XXX"'),
    expect.stringContaining('error 8: "TODO"'),
    expect.stringContaining('error 11: "lorem ipsum"'),
    expect.stringContaining('error 11: "[link]"'),
    expect.stringContaining('error 11: "TK"'),
    expect.stringContaining('error 11: "???"'),
  ])
})

test('N02: words, code and links that only look like it are well', async () => {
  const input = await withText([
    'A todo list, mastodon, XXL, TKO and methodology. Really??',
    '`TODO` and [link](https://example.org/TODO)',
  ])

  expect(runCheck(LANGUAGE_CHECKS, 'N02', input)).toEqual([])
})

test('N02: a Spanish headline in capitals may say TODO, a note to oneself may not', async () => {
  const input = await withText(['TODO LO QUE IMPORTA', 'TODO: escribir', '[TODO]'], 'lang: es')

  expect(runCheck(LANGUAGE_CHECKS, 'N02', input)).toEqual([
    expect.stringContaining('error 11: "TODO"'),
    expect.stringContaining('error 13: "TODO"'),
  ])
})

test('N03: a doubled word is told with the line of the second', async () => {
  const input = await withText([
    'Of the\nthe locks. He had had that that was, was it?',
    'The The and Bora Bora, so\nso',
  ])

  expect(runCheck(LANGUAGE_CHECKS, 'N03', input)).toEqual([
    'info 9: "the the" says "the" twice; take one out',
  ])
})

test('N03: of a language that doubles words, or writes without spaces, nothing is said', async () => {
  const turkish = await withText(['yavaş yavaş'], 'lang: tr')
  const japanese = await withText(['人 人'], 'lang: ja')

  expect(runCheck(LANGUAGE_CHECKS, 'N03', turkish)).toEqual([])
  expect(runCheck(LANGUAGE_CHECKS, 'N03', japanese)).toEqual([])
})

test('N03: two spaces, a straight quote and a space before a comma are told', async () => {
  const input = await withText(['One  two , three', '`a  b` and 5" or 6\' and .NET', 'An *"* alone'])

  expect(runCheck(LANGUAGE_CHECKS, 'N03', input)).toEqual([
    'info 8: there are two spaces in "One two"; one is enough',
    expect.stringContaining('info 12: a straight " stands in'),
    'info 8: there is a space before "," in "two , three"; take it out',
  ])
})

test('N03: French puts a space before ; : ! and ?, but not before a comma', async () => {
  const input = await withText(['Oui ! Et non ; mais , non'], 'lang: fr')

  expect(runCheck(LANGUAGE_CHECKS, 'N03', input)).toEqual([
    expect.stringContaining('info 9: there is a space before ","'),
  ])
})

test('N03: a habit is told five times and then counted', async () => {
  const input = await withText(Array.from({ length: 8 }, (_, at) => `Word${at}  word`))
  const found = runCheck(LANGUAGE_CHECKS, 'N03', input)

  expect(found).toHaveLength(5)
  expect(found.at(-1)).toContain('and 3 more like it below')
})

test('N04: a comment is an error, what Outlook reads is none', async () => {
  const input = await proofOf()
  const outlook = '<!--[if mso]><p>a</p><![endif]--><!--[if !mso]><!--><p>b</p><!--<![endif]-->'

  expect(runCheck(LANGUAGE_CHECKS, 'N04', input)).toEqual([])
  expect(runCheck(LANGUAGE_CHECKS, 'N04', withHtml(input, outlook))).toEqual([])
  expect(runCheck(LANGUAGE_CHECKS, 'N04', withHtml(input, '<p>a<!-- ask Jo again --></p>'))).toEqual([
    expect.stringContaining('error -: the mail holds the comment "ask Jo again"'),
  ])
})

test.each([
  ['en', 'On Thursday, 13 March 2026', 'that day is a Friday; write Friday'],
  ['en', 'On Thursday 20th March', 'that day is a Friday'],
  ['en', 'On Sunday, March 14, 2026', 'that day is a Saturday'],
  ['en', 'until 31 April', 'is no day of the calendar; that month has 30 days'],
  ['en', 'on 29 February 2026', 'is no day of the calendar'],
  ['de', 'am Donnerstag, dem 13. März 2026', 'that day is a Friday; write Freitag'],
  ['fr', 'le jeudi 13 mars 2026', 'write vendredi'],
  ['es', 'el jueves 13 de marzo de 2026', 'write viernes'],
  ['it', 'giovedì 13 marzo 2026', 'write venerdì'],
  ['pt', 'quinta-feira, 13 de março de 2026', 'write sexta-feira'],
  ['nl', 'donderdag 13 maart 2026', 'write vrijdag'],
  ['pl', 'w środę, 13 marca 2026', 'write piątek'],
  ['ru', 'в среду, 13 марта 2026 г.', 'write пятница'],
  ['uk', 'у середу, 13 березня 2026', 'write пʼятниця'],
  ['tr', '13 Mart 2026 Perşembe', 'write Cuma'],
  ['ar', 'الخميس، ١٣ مارس ٢٠٢٦', 'write الجمعة'],
  ['he', 'יום חמישי, 13 במרץ 2026', 'write יום שישי'],
  ['zh', '2026年3月13日星期四', 'write 星期五'],
  ['ja', '3月13日（木）', 'write 金曜日'],
  ['ko', '2026년 3월 13일 목요일', 'write 금요일'],
  ['en', 'next Friday, 6 March', 'is called next, and is past'],
  ['en', 'last Friday, 20 March 2026', 'is called last, and is still to come'],
  ['fr', 'vendredi prochain 6 mars', 'is called next'],
])('N05: in %s, "%s" is told', async (lang, text, said) => {
  const found = runCheck(LANGUAGE_CHECKS, 'N05', await withText([text], `lang: ${lang}`))

  expect(found).toEqual([expect.stringMatching(/^warn 9: /)])
  expect(found[0]).toContain(said)
})

test('N05: dates that agree, or that nobody can judge, are well', async () => {
  const input = await withText([
    'On Friday, 13 March 2026, and Thursday, 9 November 1989.',
    'In 1989, on Thursday, 9 November, it fell. May 2026 be good; on 30 and 31 October.',
    'By 15 December. Friday is free. Next Friday, 20 March, and last Friday, 6 March. On 29 February 2024.',
    'The 31 ships of November, and 40 March hares.',
  ])

  expect(runCheck(LANGUAGE_CHECKS, 'N05', input)).toEqual([])
})

const earlier: PastIssue = {
  slug: '2026-02-27-ebb',
  file: 'issues/2026-02-27-ebb.md',
  date: '2026-02-27',
  number: 41,
  subject: 'Ebb',
  urls: [],
}

test('N05: a number that does not follow the last one is told, or that there is none', async () => {
  const past = [{ ...earlier, number: null }, earlier]
  const told = async (front: string) =>
    runCheck(LANGUAGE_CHECKS, 'N05', { ...(await proofOf({ front })), past })

  expect(await told('number: 42')).toEqual([])
  expect(await told('number: 43')).toEqual([
    'warn 4: the number is 43, and the last one, issues/2026-02-27-ebb.md, is number 41; write number: 42',
  ])
  expect(await told('')).toEqual([expect.stringContaining('warn 3: the issue has no number')])
})

test('N05: a subject that bears the number of another issue is told', async () => {
  const front = 'number: 42\nsubject: "The Tide 41: high water, 2026"\npreheader: Issue 42 of 43 percent'

  expect(runCheck(LANGUAGE_CHECKS, 'N05', await proofOf({ front }))).toEqual([
    'warn 5: "The Tide 41" stands in an issue whose number is 42; write The Tide 42, if this issue is meant',
  ])
})
