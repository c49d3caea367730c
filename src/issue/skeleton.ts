/** A new issue file: front matter, and a TODO wherever its editor has something to write. Checks find what is left. */

import { stringify } from 'yaml'

export interface NewIssue {
  readonly title: string
  /** `YYYY-MM-DD` */
  readonly date: string
  /** Null for a publication that does not number its issues. */
  readonly number: number | null
  /** Null: the publication's. */
  readonly template: string | null
}

const SECTIONS = `TODO: the editor's note.

## TODO: a headline {kicker="Topic"}
By TODO

TODO: the story.

## Other News {.briefs}

**TODO** a brief is a paragraph.

## Commentary {.commentary}

- **TODO: who** argues what. [*TODO: where*](https://example.com/)
`

const ESSAY = `TODO: the letter.

## TODO: a heading

TODO: goes on.
`

/** Markdown that can be compiled as it is. `isLetter`: one text instead of many Sections. */
export function writeSkeleton({ title, date, number, template }: NewIssue, isLetter: boolean): string {
  const head = {
    title,
    date,
    ...(number === null ? {} : { number }),
    preheader: 'TODO: what the subject leaves out, 40 to 140 characters',
    ...(template === null ? {} : { template }),
    ...(isLetter ? { contents: 'no' } : {}),
  }
  return `---\n${stringify(head, { lineWidth: 0 })}---\n\n${isLetter ? ESSAY : SECTIONS}`
}
