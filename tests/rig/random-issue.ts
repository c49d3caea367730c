/**
 * Random issue files that the format allows, with every element in odd company, and the words that must come out of
 * them. Each word is unlike any other, so that one that is lost is missed.
 */

import fc from 'fast-check'

/** Who sees a word: everyone, those whose value is known, or the others. */
export type Seen = 'all' | 'present' | 'absent'

export interface Word {
  readonly text: string
  readonly seen: Seen
}

export interface WrittenIssue {
  readonly source: string
  readonly words: readonly Word[]
}

/** The value that every passage asks for. */
export const CONDITION = 'city'

/** How many random issues a property looks at; PRESSRUN_RUNS says otherwise. */
export const RUNS = Number(process.env.PRESSRUN_RUNS ?? 200)

const STEMS = [
  ...['port', 'Grüße', 'naïve', 'Ålesund', 'ẗẹṡt̃', 'e\u0301te', 'don’t', 'co-op'],
  ...['Привет', 'Καλημέρα', 'שלום', 'مرحبا', 'می\u200cروم', 'नमस्ते', 'สวัสดี', 'გამარჯობა', 'አማርኛ'],
  ...['港口', 'こんにちは', '안녕하세요', '𠮷野家', '𝔉𝔯𝔞𝔨'],
  ...['😀', '👩‍👩‍👧‍👦', '🇵🇹', '👍🏽', '☂️', '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}'],
  ...[
    'AT&T',
    '5<6',
    '7>3',
    'a=b',
    'x%20y',
    '~half',
    '100%',
    '#1',
    '$5',
    'C++',
    '@home',
    'a/b',
    'q;r',
    'a_b_c',
  ],
]
/** What means something to some parser, between words. */
const NOISE = [
  '--',
  '...',
  '–',
  '&',
  '< ',
  '> ',
  '\\*',
  '\\_',
  '1\\.',
  '(c)',
  '+-',
  ':',
  '!',
  '“x”',
  '*',
  '_',
  '{a}',
  '}',
  '|-|',
]

type Span =
  | { readonly kind: 'word'; readonly stem: string }
  | { readonly kind: 'noise'; readonly text: string }
  | {
      readonly kind: 'wrapped'
      readonly open: string
      readonly close: string
      readonly inside: readonly Span[]
    }
  | { readonly kind: 'url' | 'code' | 'hole' | 'note' | 'image' }

type Line = readonly Span[]

type Block =
  | { readonly kind: 'paragraph' | 'heading'; readonly line: Line }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[]; readonly isPull: boolean }
  | { readonly kind: 'code'; readonly lines: readonly Line[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly Line[])[] }
  | {
      readonly kind: 'figure'
      readonly alt: Line
      readonly caption: Line | null
      readonly width: number | null
    }
  | { readonly kind: 'button'; readonly line: Line }
  | { readonly kind: 'passage'; readonly present: readonly Block[]; readonly absent: readonly Block[] | null }
  | { readonly kind: 'rule' }

interface SectionModel {
  readonly kind: 'story' | 'briefs' | 'commentary' | 'note' | 'sponsor'
  readonly heading: Line
  readonly lang: string | null
  readonly hasKicker: boolean
  readonly authors: number
  readonly isList: boolean
  readonly items: readonly (readonly Block[])[]
}

interface IssueModel {
  readonly lang: string
  readonly opening: readonly Block[]
  readonly sections: readonly SectionModel[]
}

const LANGS = ['en', 'de', 'fr', 'ar', 'he', 'ja', 'zh', 'ru', 'sv']

const word = fc.constantFrom(...STEMS).map((stem): Span => ({ kind: 'word', stem }))
const noise = fc.constantFrom(...NOISE).map((text): Span => ({ kind: 'noise', text }))
const words = fc.array(word, { minLength: 1, maxLength: 4 })
const wrapped = fc
  .tuple(
    fc.constantFrom(
      ['*', '*'],
      ['**', '**'],
      ['~~', '~~'],
      ['"', '"'],
      ["'", "'"],
      ['[', '](https://example.com/a?b=1&c=2)'],
    ),
    words,
  )
  .map(([[open = '', close = ''], inside]): Span => ({ kind: 'wrapped', open, close, inside }))
const nested = fc
  .tuple(
    fc.constantFrom(['***', '***'], ['[', '](<https://example.com/a b>)'], ['**"', '"**']),
    words,
    wrapped,
  )
  .map(
    ([[open = '', close = ''], before, inner]): Span => ({
      kind: 'wrapped',
      open,
      close,
      inside: [...before, inner],
    }),
  )
const plainSpan = fc.oneof(
  { arbitrary: word, weight: 8 },
  { arbitrary: noise, weight: 1 },
  { arbitrary: wrapped, weight: 2 },
  { arbitrary: nested, weight: 1 },
)
const span = fc.oneof(
  { arbitrary: plainSpan, weight: 8 },
  {
    arbitrary: fc.constantFrom<Span>({ kind: 'url' }, { kind: 'code' }, { kind: 'hole' }, { kind: 'image' }),
    weight: 2,
  },
  { arbitrary: fc.constant<Span>({ kind: 'note' }), weight: 1 },
)
/** Begins with a word, so that nothing in it makes another block of it. */
const line = fc.tuple(word, fc.array(span, { maxLength: 12 })).map(([first, rest]): Line => [first, ...rest])
/** Without links, images and notes, and with no brace at its end. */
const headline = fc
  .tuple(
    fc.array(
      fc.oneof(
        word,
        noise,
        fc
          .constantFrom('*', '**', '"')
          .chain((mark) =>
            words.map((inside): Span => ({ kind: 'wrapped', open: mark, close: mark, inside })),
          ),
      ),
      { maxLength: 4 },
    ),
    word,
  )
  .map(([first, last]): Line => [...first, last])

const leaf: fc.Arbitrary<Block> = fc.oneof(
  { arbitrary: line.map((line): Block => ({ kind: 'paragraph', line })), weight: 6 },
  { arbitrary: headline.map((line): Block => ({ kind: 'heading', line })), weight: 1 },
  {
    arbitrary: fc
      .array(words, { minLength: 1, maxLength: 3 })
      .map((lines): Block => ({ kind: 'code', lines })),
    weight: 1,
  },
  {
    arbitrary: fc
      .tuple(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.array(line, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      )
      .map(([columns, rows]): Block => ({ kind: 'table', rows: rows.map((row) => row.slice(0, columns)) })),
    weight: 1,
  },
  {
    arbitrary: fc
      .tuple(words, fc.option(line), fc.option(fc.integer({ min: 1, max: 900 })))
      .map(([alt, caption, width]): Block => ({ kind: 'figure', alt, caption, width })),
    weight: 1,
  },
  { arbitrary: words.map((line): Block => ({ kind: 'button', line })), weight: 1 },
  { arbitrary: fc.constant<Block>({ kind: 'rule' }), weight: 1 },
)

function blocksOf(depth: number, canCondition: boolean): fc.Arbitrary<readonly Block[]> {
  return fc.array(blockOf(depth, canCondition), { minLength: 1, maxLength: depth === 0 ? 2 : 4 })
}

function blockOf(depth: number, canCondition: boolean): fc.Arbitrary<Block> {
  const choices = [{ arbitrary: leaf, weight: 8 }]
  if (canCondition) choices.push({ arbitrary: passage(), weight: 1 })
  if (depth > 0) choices.push({ arbitrary: container(blocksOf(depth - 1, canCondition)), weight: 3 })
  return fc.oneof(...choices)
}

function passage(): fc.Arbitrary<Block> {
  const branch = blocksOf(0, false)
  return fc
    .tuple(branch, fc.option(branch))
    .map(([present, absent]): Block => ({ kind: 'passage', present, absent }))
}

function container(inner: fc.Arbitrary<readonly Block[]>): fc.Arbitrary<Block> {
  return fc.oneof(
    fc
      .tuple(fc.option(fc.integer({ min: 0, max: 120 })), fc.array(inner, { minLength: 1, maxLength: 3 }))
      .map(([start, items]): Block => ({ kind: 'list', start, items })),
    fc.tuple(inner, fc.boolean()).map(([blocks, isPull]): Block => ({ kind: 'quote', blocks, isPull })),
  )
}

const section: fc.Arbitrary<SectionModel> = fc.record({
  kind: fc.constantFrom('story', 'briefs', 'commentary', 'note', 'sponsor'),
  heading: headline,
  lang: fc.option(fc.constantFrom(...LANGS), { freq: 4 }),
  hasKicker: fc.boolean(),
  authors: fc.integer({ min: 0, max: 3 }),
  isList: fc.boolean(),
  items: fc.array(blocksOf(2, true), { minLength: 1, maxLength: 3 }),
})

const model: fc.Arbitrary<IssueModel> = fc.record({
  lang: fc.constantFrom(...LANGS),
  opening: fc.oneof(fc.constant([]), blocksOf(2, true)),
  sections: fc.array(section, { minLength: 1, maxLength: 4 }),
})

export const anyIssue: fc.Arbitrary<WrittenIssue> = model.map(writeIssue)

/** What is written so far; words and notes are counted, so that each is another. */
interface Pen {
  readonly words: Word[]
  /** Definitions of footnotes, for the end of the file. */
  readonly notes: string[]
  readonly seen: Seen
}

function writeIssue({ lang, opening, sections }: IssueModel): WrittenIssue {
  const pen: Pen = { words: [], notes: [], seen: 'all' }
  const title = newWord('Title', pen)
  const body = [
    ...(opening.length === 0 ? [] : [writeBlocks(opening, pen), '']),
    ...sections.flatMap((one) => [writeSection(one, pen), '']),
    ...pen.notes.flatMap((note) => [note, '']),
  ]
  const head = [
    '---',
    `title: "${title}"`,
    'date: 2026-03-31',
    `lang: ${lang}`,
    `authors: [${newName(pen)}]`,
    '---',
    '',
  ]
  return { source: [...head, ...body].join('\n'), words: pen.words }
}

function writeSection(
  { kind, heading, lang, hasKicker, authors, isList, items }: SectionModel,
  pen: Pen,
): string {
  const attributes = [
    ...(kind === 'story' ? [] : [`.${kind}`]),
    ...(lang === null ? [] : [`lang=${lang}`]),
    ...(kind === 'story' && hasKicker ? [`kicker="${newWord('Kicker', pen)}"`] : []),
  ]
  const head = `## ${writeLine(heading, pen)}${attributes.length === 0 ? '' : ` {${attributes.join(' ')}}`}`
  const names = Array.from({ length: kind === 'story' ? authors : 0 }, () => newName(pen))
  const byline = names.length === 0 ? [] : [`By ${names.join(' and ')}`]
  const hasItems = kind === 'briefs' || kind === 'commentary'
  const blocks: readonly Block[] = hasItems
    ? isList
      ? [{ kind: 'list', start: null, items }]
      : items.map(([first]): Block => paragraphOf(first))
    : items.flat()
  return [head, ...byline, '', writeBlocks(blocks, pen)].join('\n')
}

/** Outside of a list only these are items. */
function paragraphOf(block: Block | undefined): Block {
  const isItem = block?.kind === 'paragraph' || block?.kind === 'passage' || block?.kind === 'button'
  return isItem ? block : { kind: 'paragraph', line: [{ kind: 'word', stem: 'Brief' }] }
}

function writeBlocks(blocks: readonly Block[], pen: Pen): string {
  return blocks.map((block) => writeBlock(block, pen)).join('\n\n')
}

function writeBlock(block: Block, pen: Pen): string {
  switch (block.kind) {
    case 'paragraph':
      return writeLine(block.line, pen)
    case 'heading':
      return `### ${writeLine(block.line, pen)}`
    case 'list':
      return block.items
        .map((item, index) => {
          const mark = block.start === null ? '- ' : `${block.start + index}. `
          return indent(writeBlocks(item, pen), mark, ' '.repeat(mark.length))
        })
        .join('\n\n')
    case 'quote': {
      const last = block.blocks.at(-1)
      const text = writeBlocks(block.blocks, pen)
      return indent(block.isPull && last?.kind === 'paragraph' ? `${text}\n{.pull}` : text, '> ', '> ')
    }
    case 'code':
      return ['```', ...block.lines.map((line) => writeLine(line, pen)), '```'].join('\n')
    case 'table': {
      const rows = block.rows.map(
        (row) => `| ${row.map((cell) => writeLine(cell, pen).replaceAll('|', '')).join(' | ')} |`,
      )
      const rule = `|${'--:|'.repeat(block.rows[0]?.length ?? 1)}`
      return [rows[0], rule, ...rows.slice(1)].join('\n')
    }
    case 'figure': {
      const image = `![${writeLine(block.alt, pen)}](images/gate.png)${block.width === null ? '' : `{width=${block.width}}`}`
      return block.caption === null ? image : `${image}\n${writeLine(block.caption, pen)}`
    }
    case 'button':
      return `[${writeLine(block.line, pen)}](https://example.com/button){.button}`
    case 'passage': {
      const present = writeBlocks(block.present, { ...pen, seen: 'present' })
      const absent =
        block.absent === null ? [] : ['{{else}}', writeBlocks(block.absent, { ...pen, seen: 'absent' })]
      return [`{{#if subscriber.${CONDITION}}}`, present, ...absent, '{{/if}}'].join('\n')
    }
    case 'rule':
      return '***'
  }
}

function indent(text: string, first: string, rest: string): string {
  return text
    .split('\n')
    .map((line, index) => (index === 0 ? first : rest) + line)
    .join('\n')
}

function writeLine(line: Line, pen: Pen): string {
  return line.map((one) => writeSpan(one, pen)).join(' ')
}

function writeSpan(one: Span, pen: Pen): string {
  switch (one.kind) {
    case 'word':
      return newWord(one.stem, pen)
    case 'noise':
      return one.text
    case 'wrapped':
      return one.open + writeLine(one.inside, pen) + one.close
    case 'url':
      return newWord('https://example.com/', pen)
    case 'code':
      return `\`${newWord('code', pen)}\``
    case 'hole':
      return `{{subscriber.name "${newWord('fallback', { ...pen, words: [] })}"}}`
    case 'image':
      return `![${newWord('alt', pen)}](images/gate.png){width=24}`
    case 'note': {
      const label = `n${pen.notes.length + 1}`
      pen.notes.push('')
      pen.notes[pen.notes.length - 1] = `[^${label}]: ${newWord('note', pen)} *${newWord('more', pen)}*`
      return `[^${label}]`
    }
  }
}

/** The stem and a number in letters, which nothing that comes after can continue. */
function newWord(stem: string, pen: Pen): string {
  const number = [...String(pen.words.length)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
  const text = `${stem}q${number}z`
  pen.words.push({ text, seen: pen.seen })
  return text
}

function newName(pen: Pen): string {
  return newWord('Ida', pen)
}
