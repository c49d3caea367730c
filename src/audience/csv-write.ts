/** CSV as it is written (RFC 4180): quotes where they are needed, lines that end in CRLF. */

const TO_QUOTE = /["\r\n,;\t]|^\s|\s$/

export function writeCsvRow(fields: readonly string[]): string {
  return `${fields.map(writeField).join(',')}\r\n`
}

function writeField(field: string): string {
  return TO_QUOTE.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}
