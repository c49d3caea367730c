/**
 * The codes that a reply begins with, `550 5.1.1` (RFC 5321, section 4.2; RFC 3463, whose parts have up to three digits): what
 * refusals are counted by, and all that is kept of a reply to someone who is erased, since its words often name the address.
 * `column` is SQL that gives the text; null where it begins with no such codes.
 */
export function codesOf(column: string): string {
  const digits = '0123456789.'
  const rest = `ltrim(substr(${column}, 5), '${digits}')`
  const codes = `substr(${column}, 1, length(${column}) - length(${rest}))`
  return `case when ${codes} like '___ _._%._%' and ${codes} not like '%.%.%.%' and length(${codes}) <= 13
    and ltrim(substr(${column}, 1, 3), '${digits}') = '' and substr(${rest}, 1, 1) in ('', ' ') then ${codes} end`
}

/** The text of a reply as it may be kept in a statement that sees the Delivery: erased ones have no address. */
export function keptText(column: string): string {
  return `case when delivery.address = '' then ${codesOf(column)} else ${column} end`
}
