/** An address in a sentence of a page: no line ends within it, unless it is longer than a phone's line. */

import { type Html, html } from './page.js'

/** About what fits beside a margin at 320 pixels. */
const MAX_WHOLE = 30

export function sayAddress(say: (address: string) => string, address: string): Html {
  if (address === '' || Array.from(address).length > MAX_WHOLE) return html`${say(address)}`
  const [before = '', ...others] = say(address).split(address)
  return html`${before}${others.map((after) => html`<span class="whole">${address}</span>${after}`)}`
}
