/**
 * Guard: what a spreadsheet would take for a formula (CWE-1236). In our exports a field that begins with `=`, `+`, `-`, `@`,
 * a tab or a line break gets an apostrophe in front; so does one that begins with an apostrophe, so that taking one off
 * gives every field back to the byte.
 */

const DANGEROUS = /^['=+\-@\t\r\n]/

export function guard(field: string): string {
  return DANGEROUS.test(field) ? `'${field}` : field
}

export function unguard(field: string): string {
  return field.startsWith("'") ? field.slice(1) : field
}
