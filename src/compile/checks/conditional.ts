/**
 * Outlook's conditional comments: what stands in them only Word's engine reads, and no HTML parser sees. Two kinds:
 * `<!--[if mso]> … <![endif]-->` hides its content from all others, `<!--[if !mso]><!--> … <!--<![endif]-->` shows it.
 */

export interface Piece {
  readonly kind: 'open' | 'close' | 'tag'
  /** `[if mso | IE]`, `<v:rect …>` */
  readonly text: string
  /** 1-based, in the HTML. */
  readonly line: number
  /** Whether only Outlook reads it. */
  readonly isHidden: boolean
}

export interface Conditional {
  /** Openings, closings, and every tag within or between them, in order. */
  readonly pieces: readonly Piece[]
  /** What is not balanced, as clauses. */
  readonly faults: readonly { readonly message: string; readonly line: number }[]
}

const OPEN_SHOWN = /^<!--\[if [^\]]*\]>\s*<!--\s*(-->|>)/
const OPEN_HIDDEN = /^<!--\[if [^\]]*\]>/
const CLOSE_SHOWN = /^<!--\s*<!\[endif\]-->/
const CLOSE_HIDDEN = /^<!\[endif\]-->/
const COMMENT = /^<!--[\s\S]*?-->/
const TAG = /^<\/?[a-zA-Z](?:"[^"]*"|'[^']*'|[^"'>])*>/

/** Reads the HTML from left to right. */
export function readConditional(html: string): Conditional {
  const pieces: Piece[] = []
  const faults: { message: string; line: number }[] = []
  let open: { readonly text: string; readonly line: number; readonly isHidden: boolean } | null = null
  let line = 1
  let counted = 0
  const fault = (message: string) => faults.push({ message, line })
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    line += newlines(html, counted, at)
    counted = at
    const found = readPiece(html, at)
    at += found.text.length
    const text = found.text
    if (found.kind === 'open') {
      if (open !== null) fault(`${text} opens within ${open.text} of line ${open.line}`)
      open = { text, line, isHidden: found.isHidden }
    } else if (found.kind === 'close') {
      if (open === null) fault(`${text} closes nothing`)
      else if (open.isHidden !== found.isHidden)
        fault(`${text} does not close ${open.text} of line ${open.line}`)
      open = null
    }
    if (found.kind !== 'other')
      pieces.push({ kind: found.kind, text, line, isHidden: open?.isHidden ?? false })
  }
  if (open !== null) faults.push({ message: `${open.text} is never closed`, line: open.line })
  return { pieces, faults }
}

interface Read {
  readonly kind: Piece['kind'] | 'other'
  readonly text: string
  readonly isHidden: boolean
}

function readPiece(html: string, at: number): Read {
  const rest = html.slice(at, at + MAX_TAG)
  const shown = OPEN_SHOWN.exec(rest)
  if (shown) return { kind: 'open', text: shown[0], isHidden: false }
  const hidden = OPEN_HIDDEN.exec(rest)
  if (hidden) return { kind: 'open', text: hidden[0], isHidden: true }
  const closeShown = CLOSE_SHOWN.exec(rest)
  if (closeShown) return { kind: 'close', text: closeShown[0], isHidden: false }
  const closeHidden = CLOSE_HIDDEN.exec(rest)
  if (closeHidden) return { kind: 'close', text: closeHidden[0], isHidden: true }
  const tag = TAG.exec(rest)
  if (tag) return { kind: 'tag', text: tag[0], isHidden: false }
  return { kind: 'other', text: COMMENT.exec(rest)?.[0] ?? '<', isHidden: false }
}

/** Longer than any tag of a mail; keeps reading linear. */
const MAX_TAG = 4_000

function newlines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
