/** An issue as long as a mail may be: 18 stories and 20 briefs, the same each time. */

const NOUNS =
  'harbour quay barrier levy tender ferry pilot survey council cable dredger anchor ledger berth tide'.split(
    ' ',
  )
const VERBS = 'asks counts repairs delays opens measures refuses publishes'.split(' ')
const STORIES = 18
const BRIEFS = 20

/** The source of `2026-07-03-everything-at-once.md`. */
export function hugeIssue(): string {
  const pick = picker()
  const sentence = () =>
    `The ${pick(NOUNS)} ${pick(VERBS)} the ${pick(NOUNS)} of the ${pick(NOUNS)}, and the ${pick(NOUNS)} ${pick(VERBS)} it again.`
  const paragraph = () => Array.from({ length: 4 }, sentence).join(' ')
  const link = (index: number) => `[The ${pick(NOUNS)} in numbers](https://data.example.org/${index})`
  const stories = Array.from({ length: STORIES }, (_none, index) => [
    `## Story ${index + 1}: the ${pick(NOUNS)} ${pick(VERBS)} {kicker="Part ${index + 1}"}`,
    '',
    paragraph(),
    '',
    `${paragraph()} ${link(index)}.`,
    '',
  ])
  const briefs = Array.from({ length: BRIEFS }, (_none, index) => [
    `${sentence()} ${link(STORIES + index)}.`,
    '',
  ])
  const front = ['---', 'title: Everything at once', 'date: 2026-07-03', 'number: 49', '---', '']
  return [...front, ...stories.flat(), '## Other News {.briefs}', '', ...briefs.flat()].join('\n')
}

/** A word after the other, by a small generator of numbers (Lehmer's). */
function picker(): (words: readonly string[]) => string {
  let state = 42
  return (words) => {
    state = (state * 48_271) % 2_147_483_647
    return words[state % words.length] ?? ''
  }
}
