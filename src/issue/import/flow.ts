/** What a text of any origin is read into before it is written as an issue's Markdown: blocks that hold runs. */

/** How the words of a run are set. */
export interface Marks {
  readonly strong: boolean
  readonly em: boolean
  /** Struck out. */
  readonly gone: boolean
  readonly code: boolean
}

export interface TextRun {
  readonly kind: 'text'
  /** No line breaks. */
  readonly text: string
  readonly marks: Marks
  /** A whole URL that an issue may link to. */
  readonly link: string | null
}

export interface ImageRun {
  readonly kind: 'image'
  /** A whole URL, or a path as it was written. */
  readonly source: string
  readonly alt: string
  readonly link: string | null
  readonly line: number | null
}

export type Run =
  | TextRun
  | ImageRun
  | { readonly kind: 'break' }
  /** The place that refers to a footnote. */
  | { readonly kind: 'footnote'; readonly label: string }

export interface Paragraph {
  readonly kind: 'paragraph'
  readonly runs: readonly Run[]
  readonly line: number | null
}

export interface Heading {
  readonly kind: 'heading'
  /** 1 to 6. */
  readonly level: number
  /** What an issue says of a Section behind its heading: `{.briefs}`, else ''. */
  readonly attributes: string
  readonly runs: readonly Run[]
  readonly line: number | null
}

export interface List {
  readonly kind: 'list'
  /** The first number; null for bullets. */
  readonly start: number | null
  readonly items: readonly (readonly Block[])[]
}

/** The first row is the head. */
export interface Table {
  readonly kind: 'table'
  readonly rows: readonly (readonly (readonly Run[])[])[]
}

/** An image with its caption below it. */
export interface Figure {
  readonly kind: 'figure'
  readonly image: readonly [ImageRun]
  readonly caption: readonly Run[]
}

export type Block =
  | Paragraph
  | Heading
  | List
  | Table
  | Figure
  /** A link that is set as a button. */
  | { readonly kind: 'button'; readonly runs: readonly Run[]; readonly line: number | null }
  | { readonly kind: 'quote'; readonly isPull: boolean; readonly blocks: readonly Block[] }
  /** A footnote; it stands at the very end. */
  | { readonly kind: 'note'; readonly label: string; readonly blocks: readonly Block[] }
  | { readonly kind: 'code'; readonly text: string; readonly language: string }
  | { readonly kind: 'rule' }

/** What could not be kept as it was. */
export interface Note {
  /** 1-based in the source; null where lines mean nothing. */
  readonly line: number | null
  readonly message: string
}

export const PLAIN: Marks = { strong: false, em: false, gone: false, code: false }

/** The words of runs, without marks. */
export function wordsOf(runs: readonly Run[]): string {
  return runs
    .map((run) => (run.kind === 'text' ? run.text : run.kind === 'footnote' ? '' : ' '))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Every run in reading order. */
export function* runsOf(blocks: readonly Block[]): Generator<Run> {
  for (const block of blocks) {
    if (block.kind === 'paragraph' || block.kind === 'heading' || block.kind === 'button') yield* block.runs
    else if (block.kind === 'list') for (const item of block.items) yield* runsOf(item)
    else if (block.kind === 'quote' || block.kind === 'note') yield* runsOf(block.blocks)
    else if (block.kind === 'table') yield* block.rows.flat(2)
    else if (block.kind === 'figure') yield* [...block.image, ...block.caption]
  }
}
