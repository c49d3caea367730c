/** Picture: what an Issue looks like, before anything is checked. What the studio shows first; nothing is sent from it. */

import type { HoledLine } from '../issue/hole.js'
import type { Section } from '../issue/issue.js'
import type { Compilation, Holed } from './compiled.js'

export interface Picture {
  /** The file, relative to the root. */
  readonly file: string
  /** The file as it was read, front matter included; `\n` line ends. */
  readonly source: string
  readonly compilation: Compilation
  /** The mail's HTML with the marks of the lines (`issue-lines.ts`). */
  readonly lined: Holed
  readonly preheader: HoledLine
  /** In the order of the file. */
  readonly sections: readonly Pick<Section, 'heading' | 'line'>[]
}
