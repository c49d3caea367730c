/**
 * Where each line of poured MJML came from. Marks are put into the literal text of a template's syntax tree, so they
 * never stand inside a mustache, and are taken out again before MJML reads the text.
 */

import type { Problem } from '../errors.js'

const MARK = /\ue006([^\ue007]*?):(\d+)\ue007/g

/** Text and the origin of its lines. */
export interface MarkedText {
  readonly text: string
  /** File and line in `templates/` that a 1-based line of `text` came from. */
  readonly originOf: (line: number) => Pick<Problem, 'where' | 'line'>
}

/** Marks the start of every literal run and of every line in it. Changes the tree it is given. */
export function markLines(program: hbs.AST.Program, where: string): hbs.AST.Program {
  for (const statement of program.body) {
    if (statement.type === 'ContentStatement') {
      markContent(statement as hbs.AST.ContentStatement, where)
    } else if (statement.type === 'BlockStatement') {
      const { program: inner, inverse } = statement as hbs.AST.BlockStatement
      // Handlebars' types promise both; a block without {{else}} has no inverse.
      for (const branch of [inner, inverse] as (hbs.AST.Program | undefined)[]) {
        if (branch) markLines(branch, where)
      }
    }
  }
  return program
}

/** White space that Handlebars took away before the run is counted, so that the line stays true. */
function markContent(content: hbs.AST.ContentStatement, where: string): void {
  if (content.value.trim() === '') return
  const original = String(content.original)
  const removed = original.slice(0, Math.max(0, original.indexOf(content.value)))
  let line = content.loc.start.line + countLines(removed)
  const mark = () => `\ue006${where}:${line}\ue007`
  content.value =
    mark() +
    content.value.replace(/\n/g, () => {
      line += 1
      return `\n${mark()}`
    })
}

function countLines(text: string): number {
  return text.split('\n').length - 1
}

/** Takes the marks out again. */
export function readLineMarks(marked: string): MarkedText {
  const origins: Pick<Problem, 'where' | 'line'>[] = []
  let last: Pick<Problem, 'where' | 'line'> = { where: 'templates', line: null }
  const lines = marked.split('\n').map((line) => {
    const marks = [...line.matchAll(MARK)].map((match) => ({
      match,
      where: match[1] ?? '',
      line: Number(match[2]),
    }))
    // A partial may end on the line where its caller goes on: the mark before the first word counts.
    const blank = marks.filter(({ match }) => line.slice(0, match.index).replace(MARK, '').trim() === '')
    const origin = blank.at(-1) ?? last
    origins.push({ where: origin.where, line: origin.line })
    last = marks.at(-1) ?? last
    return line.replace(MARK, '')
  })
  return { text: lines.join('\n'), originOf: (line) => origins[line - 1] ?? last }
}
