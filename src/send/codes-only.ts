/**
 * Of a reply to someone who is erased only its codes are kept (RFC 3463), with the blank that the Report tells them by:
 * its words often name the address. `column` is SQL that gives the text.
 */
export function codesOnly(column: string): string {
  return `case when ${column} like '___ _._._ %' then substr(${column}, 1, 10) end`
}

/** The text of a reply as it may be kept in a statement that sees the Delivery: erased ones have no address. */
export function keptText(column: string): string {
  return `case when delivery.address = '' then ${codesOnly(column)} else ${column} end`
}
