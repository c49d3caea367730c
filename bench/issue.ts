/** The issue that is sent: words by a seed, 40 Links, a name; compiled about 60 KB of HTML and 15 KB of text. */

import { seededRandom } from '../tests/rig/random.js'

export const SLUG = '2026-12-01-bench'
export const LINKS = 40
const SEED = 7
const STORIES = 5
const BRIEFS = 15
const STORY_WORDS = 324
const BRIEF_WORDS = 36
/** Among so many words some are bold. */
const BOLD_EVERY = 12

const WORDS =
  'harbour quay tide crane freight berth pilot vessel tariff customs convoy ledger signal current cargo anchor mooring channel passage lantern the a of and to in that with from over under after before between is was has will may'.split(
    ' ',
  )

/** The issue that is sent. The same source at every call. */
export function writeIssue(): string {
  return write({ stories: STORIES, briefs: BRIEFS, storyWords: STORY_WORDS })
}

/** The issue that is only compiled: twelve Sections and an editor's note, as long a mail as that one. */
export function writeTwelve(): string {
  return write({ stories: 11, briefs: 8, storyWords: 150 })
}

interface Size {
  readonly stories: number
  readonly briefs: number
  readonly storyWords: number
}

function write({ stories: storyCount, briefs: briefCount, storyWords }: Size): string {
  const random = seededRandom(SEED)
  let link = 0
  const words = (count: number) => Array.from({ length: count }, () => random.pick(WORDS)).join(' ')
  const sentence = (count: number) => {
    const text = words(count)
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
  }
  const passage = (count: number) =>
    Array.from({ length: count / BOLD_EVERY }, () => `**${words(2)}** ${sentence(BOLD_EVERY - 2)}`).join(' ')
  const linked = () => `[${words(3)}](https://example.com/${words(2).replaceAll(' ', '/')}/${++link})`
  const stories = Array.from({ length: storyCount }, (_, index) =>
    [
      `## ${sentence(5).slice(0, -1)} {kicker="Coast"}`,
      '',
      `${passage(storyWords / 3)} ${linked()}`,
      '',
      `${passage(storyWords / 3)} ${linked()}, ${linked()}, ${linked()} and ${linked()}, story ${index + 1}.`,
      '',
      passage(storyWords / 3),
      '',
    ].join('\n'),
  )
  const briefs = Array.from(
    { length: briefCount },
    () => `**${sentence(3)}** ${passage(BRIEF_WORDS)} ${linked()}.\n`,
  )
  return [
    '---',
    'title: The bench',
    'date: 2026-12-01',
    'number: 1',
    '---',
    '',
    `Dear {{subscriber.name "reader"}}, ${sentence(40)}`,
    '',
    ...stories,
    '## Other News {.briefs}',
    '',
    briefs.join('\n'),
  ].join('\n')
}
