/** A message as text: its header fields unfolded, and its body in chunks of lines that a page can draw one by one. */

export interface MimeText {
  readonly fields: readonly { readonly name: string; readonly value: string }[]
  readonly chunks: readonly string[]
}

const LINES_A_CHUNK = 200

/** RFC 5322, section 2.2: the first empty line ends the header. */
export function readMimeText(text: string): MimeText {
  const lines = text.split(/\r?\n/)
  const end = lines.indexOf('')
  const header = end === -1 ? lines : lines.slice(0, end)
  const body = end === -1 ? [] : lines.slice(end + 1)
  return { fields: readFields(header), chunks: chunksOf(body) }
}

function readFields(lines: readonly string[]): MimeText['fields'] {
  const unfolded = lines.join('\n').replace(/\n(?=[ \t])/g, '')
  return unfolded.split('\n').flatMap((line) => {
    const at = line.indexOf(':')
    return at < 1 ? [] : [{ name: line.slice(0, at), value: line.slice(at + 1).trim() }]
  })
}

function chunksOf(lines: readonly string[]): readonly string[] {
  const count = Math.ceil(lines.length / LINES_A_CHUNK)
  return Array.from({ length: count }, (_, index) =>
    lines.slice(index * LINES_A_CHUNK, (index + 1) * LINES_A_CHUNK).join('\n'),
  )
}
