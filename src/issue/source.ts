/** The text of an issue's file, before anything of it is read. */

/** Bytes of UTF-8. The longest bulletin has some 60 kB; Gmail clips a message near 102 kB. */
export const MAX_SOURCE_BYTES = 1_000_000

/** Without a byte order mark, and with `\n` line ends whatever editor wrote it. */
export function cleanSource(source: string): string {
  return source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
}
