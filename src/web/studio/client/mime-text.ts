/** A message as text: its header fields unfolded, and its body as it stands. */

export interface MimeText {
  readonly fields: readonly { readonly name: string; readonly value: string }[]
  readonly body: string
}

/** RFC 5322, section 2.2: the first empty line ends the header, and a line that begins with a blank goes on. */
export function readMimeText(text: string): MimeText {
  const lines = text.replaceAll('\r\n', '\n')
  const end = lines.indexOf('\n\n')
  const header = end === -1 ? lines : lines.slice(0, end)
  return { fields: readFields(header), body: end === -1 ? '' : lines.slice(end + 2) }
}

function readFields(header: string): MimeText['fields'] {
  const unfolded = header.replace(/\n(?=[ \t])/g, '')
  return unfolded.split('\n').flatMap((line) => {
    const at = line.indexOf(':')
    return at < 1 ? [] : [{ name: line.slice(0, at), value: line.slice(at + 1).trim() }]
  })
}
