/**
 * Plain text as paragraphs. In wrapped text (broken at a width, within its sentences) blank lines part them; in any
 * other text every line is one.
 */

/** A text with a longer line than this is not wrapped anywhere. */
const MAX_WRAP_COLUMNS = 100

const SENTENCE_END = /[.!?…:;。！？]["'”’»)\]]*$/u
const BULLET = /^[-–*+•‣·]\s+/

export interface Paragraph {
  /** One line. */
  readonly text: string
  /** Whether a bullet stood before it; it is taken off. */
  readonly isListItem: boolean
}

export function readParagraphs(source: string): readonly Paragraph[] {
  const blocks = source
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?|[\f\v\u0085\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .split(/\n[^\S\n]*\n/)
    .map(readLines)
  const isWrapped = blocks.flat().every((line) => line.length <= MAX_WRAP_COLUMNS)
  return blocks.flatMap(isWrapped ? joinWrapped : keepLines).map((text) => {
    const isListItem = BULLET.test(text)
    return { text: isListItem ? text.replace(BULLET, '') : text, isListItem }
  })
}

function readLines(block: string): readonly string[] {
  return block
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '')
}

function keepLines(lines: readonly string[]): readonly string[] {
  return lines
}

/** A bullet begins a paragraph in wrapped text as well; lines that are sentences each are no wrapped paragraph. */
function joinWrapped(lines: readonly string[]): readonly string[] {
  if (lines.every((line) => SENTENCE_END.test(line))) return lines
  const texts: string[] = []
  for (const line of lines) {
    const previous = texts.at(-1)
    if (previous === undefined || BULLET.test(line)) texts.push(line)
    else texts[texts.length - 1] = `${previous} ${line}`
  }
  return texts
}
