/**
 * The text of a bounce, as mail software writes it for people: cut before the message that came back, and taken apart by
 * recipient. Where every line starts with an address there is a recipient, and what follows is about it.
 */

export interface Section {
  readonly recipient: string
  /** What stands behind the address and below it. */
  readonly said: string
}

const MAX_LINES = 400
const MAX_SECTIONS = 100

/** Where the message that came back begins. */
const RETURNED =
  /^[ \t]*(-{2,}[ \t>]*(this is a copy|below this line|(the )?(headers?|body|text|start|beginning)? ?(of )?(the |your )?(original|returned|undelivered|unsent|enclosed) (message|mail|header)|(un)?sent message follows|message header|returned message|non-delivered|forwarded message|included is a copy|enclosed are the original|header lines|.{0,30}original message)|(original )?message (headers? )?follows?|original message|(the )?(original|returned) message (header|text|follows)|(the )?(unsent|undelivered) message|received: (from|by) |return-path: |x-received: |dkim-signature: |arc-seal: |message-id: <|>+ *(received|from|message-id): )/im

const ADDRESS = `[^\\s<>@"',;:()\\[\\]]{1,64}@[^\\s<>@"',;:()\\[\\]]{1,255}`
/** `<alice@example.com>:`, `  alice@example.com`, `"alice@example.com":`, `To: alice@example.com`. */
const LEADING = new RegExp(
  `^[ \\t*•-]*(?:(?:to|rcpt|recipient|recipients|address|user|for|mailto|e-?mail)[: ]+)?(?:rfc822;)?[<"']{0,2}(?:mailto:)?(${ADDRESS})[>"']{0,2}(.*)$`,
  'i',
)
/** `554 <alice@example.com>... Remote protocol error`: all in one line. */
const QUOTED = new RegExp(`^([45]\\d\\d) <(${ADDRESS})>\\.\\.\\.(.*)$`)
/** `could not be delivered to <alice@example.com>`, `Unknown user: alice@example.com`. */
const NAMED = new RegExp(
  `(?:to|for|recipients?|user|mailbox|address|account)(?: is)?:?[ \\t\\r\\n]+["'<]{0,2}(${ADDRESS})`,
  'i',
)

/** Without the message that came back. */
export function reportText(text: string): string {
  const at = RETURNED.exec(text)?.index ?? -1
  const status = /^(reporting-mta|final-recipient): /im.exec(text)?.index ?? -1
  const end = Math.min(at > 0 ? at : text.length, status > 0 ? status : text.length)
  return text.slice(0, end)
}

export function readSections(text: string): readonly Section[] {
  const sections: { recipient: string; said: string[] }[] = []
  const known = new Set<string>()
  const quoted: Section[] = []
  for (const line of text.split(/\r?\n/, MAX_LINES)) {
    const [, code = '', named = '', words = ''] = QUOTED.exec(line.slice(0, 1_000)) ?? []
    if (named !== '' && quoted.length < MAX_SECTIONS)
      quoted.push({ recipient: named, said: `${code} ${words.trim()}` })
    const [, address, rest = ''] = LEADING.exec(line.slice(0, 1_000)) ?? []
    const recipient = address?.replace(/[.>]+$/, '')
    if (
      recipient !== undefined &&
      !known.has(recipient) &&
      isHeading(rest) &&
      sections.length < MAX_SECTIONS
    ) {
      known.add(recipient)
      sections.push({ recipient, said: [rest.replace(/^[\s:>.]+/, '')] })
    } else sections.at(-1)?.said.push(line)
  }
  if (sections.length === 0) return distinctRecipients(quoted)
  return sections.map(({ recipient, said }) => ({ recipient, said: said.join('\n').trim() }))
}

function distinctRecipients(sections: readonly Section[]): readonly Section[] {
  return [...new Map(sections.map((section) => [section.recipient.toLowerCase(), section])).values()]
}

/** Behind an address that a section is about: nothing, or a colon, dots, a date, a bracket; not the rest of a sentence. */
function isHeading(rest: string): boolean {
  return /^\s*$|^\s*[:.(,;\][-]|^\s+(on|at|\d|was|is|has|failed|could|does|reason|\.\.\.|---)/i.test(rest)
}

/** An address that a sentence names. */
export function namedRecipient(text: string): string | null {
  return NAMED.exec(text.slice(0, 4_000))?.[1]?.replace(/[.>]+$/, '') ?? null
}

/** Lines that speak of it, and the one below each. */
export function linesAbout(text: string, recipient: string): string {
  const lines = text.split(/\r?\n/, MAX_LINES)
  const wanted = recipient.toLowerCase()
  return lines
    .filter((line, at) => mentions(line, wanted) || mentions(lines[at - 1] ?? '', wanted))
    .join('\n')
}

function mentions(line: string, recipient: string): boolean {
  return line.toLowerCase().includes(recipient)
}
