/** Escaping for the two parts a value can land in. What a person's field holds is data in both. */

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe in HTML text and in a quoted attribute. Control characters are dropped (no place in HTML; one may clip). */
export function escapeHtml(text: string): string {
  return dropControls(text).replace(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? character)
}

/** Safe within a line of the text part: no line breaks, no control characters; white space is one space. */
export function escapeText(text: string): string {
  return dropControls(text.replace(/[ \t\r\n\f\v\u2028\u2029]+/g, ' '))
}

/** Safe on a terminal: lines stay lines, and nothing in them steers it. */
export function escapeLines(text: string): string {
  return dropControls(text)
}

function dropControls(text: string): string {
  // C0 but tab and newline, DEL and C1, lone surrogates, bidi overrides, what is no character, the compiler's own markers.
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: dropping them is the point
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ue000-\ue00f]|\p{Cs}|\p{Noncharacter_Code_Point}/gu,
    '',
  )
}
