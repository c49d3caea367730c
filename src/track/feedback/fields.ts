/** Header-like fields (RFC 5322 section 2.2), as reports and returned messages carry them. Names in lower case. */

export type Fields = ReadonlyMap<string, readonly string[]>

const MAX_FIELDS = 300
const MAX_VALUE = 2_000
/** Of one name. */
const MAX_VALUES = 100

/** Blocks of fields with blank lines between (RFC 3464 section 2.1); lines that are no field are left out. */
export function readFieldBlocks(text: string, maxBlocks = 120): readonly Fields[] {
  return text
    .split(/\r?\n[ \t]*\r?\n/, maxBlocks)
    .map((block) => readFields(block))
    .filter((fields) => fields.size > 0)
}

/** The fields up to the first blank line. */
export function readFields(text: string): Fields {
  const lines: string[] = []
  for (const line of text.split(/\r?\n/, 2_000)) {
    if (line.trim() === '') {
      if (lines.length > 0) break
    } else if (/^[ \t]/.test(line) && lines.length > 0)
      lines.push(`${(lines.pop() ?? '').slice(0, MAX_VALUE)} ${line.trim()}`)
    else lines.push(line)
  }
  return collectFields(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, Math.max(colon, 0)), line.slice(colon + 1)] as const
    }),
  )
}

export function collectFields(pairs: Iterable<readonly [string, string]>): Fields {
  const fields = new Map<string, string[]>()
  let count = 0
  for (const [name, value] of pairs) {
    const key = name.trim().toLowerCase()
    if (!/^[a-z0-9-]{1,60}$/.test(key)) continue
    count += 1
    if (count > MAX_FIELDS) break
    const values = fields.get(key) ?? []
    if (values.length < MAX_VALUES) values.push(value.trim().slice(0, MAX_VALUE))
    fields.set(key, values)
  }
  return fields
}

/** The first of that name, '' when there is none. */
export function fieldOf(fields: Fields, name: string): string {
  return fields.get(name)?.[0] ?? ''
}

/** What stands behind the type in `rfc822; alice@example.com`, `smtp; 550 …`; all of it where no type is named. */
export function untyped(value: string): string {
  return value.replace(/^\s*[\w-]{1,40}\s*;\s*/, '').trim()
}

/**
 * The address in a typed field (RFC 3464 section 2.3, RFC 6533 section 3): without brackets, xtext and `\x{…}` decoded;
 * null when there is none, or only what a redaction left.
 */
export function addressIn(value: string): string | null {
  const address = untyped(value)
    .replace(/^.*<([^<>]*)>.*$/, '$1')
    .replace(/^["']|["']$/g, '')
    .replace(/\\x\{([0-9a-f]{2,6})\}/gi, (whole, hex: string) => characterOf(hex) ?? whole)
    .trim()
  return /^[^\s@]{1,200}@[^\s@]{1,255}$/.test(address) && !isRedacted(address) ? address : null
}

function characterOf(hex: string): string | null {
  const point = Number.parseInt(hex, 16)
  return point > 0x20 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
    ? String.fromCodePoint(point)
    : null
}

/** RFC 6590 leaves the domain; others write a word. */
function isRedacted(address: string): boolean {
  return /^(redacted|removed|hidden|x{3,}|\*+|\[.*\])@|@(redacted|removed|x{3,}|\*+)$/i.test(address)
}
