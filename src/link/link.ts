/** Link: a URL in an Issue, with a stable index and the Section it stands in. */

export interface Link {
  /** 0-based, in reading order over the whole Issue; the number in `/c/<token>/<index>`. */
  readonly index: number
  /** The original URL and its UTM parameters, exactly as it is redirected to. http(s) only; mailto:, tel: and #anchors are no Links. */
  readonly url: string
  /** The Section's id, '' for the editor's note. */
  readonly section: string
  /** The Section's heading, '' for the editor's note. */
  readonly heading: string
  /** The linked words as plain text. */
  readonly text: string
}
