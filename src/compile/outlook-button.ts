/**
 * Buttons in Outlook on Windows. Word, which draws its mails, knows no padding of a link; it does know wide spaces and raised
 * text, so these stand in for it where only Word looks.
 */

const BUTTON = /(<a [^>]*class="button"[^>]*>)([\s\S]*?)(<\/a>)/g

const BEFORE =
  '<!--[if mso]><i style="mso-font-width:200%;mso-text-raise:22px" hidden>&emsp;</i><span style="mso-text-raise:11px"><![endif]-->'
const AFTER = '<!--[if mso]></span><i style="mso-font-width:200%" hidden>&emsp;&#8203;</i><![endif]-->'

/** The same HTML, every button roomy in Word. A link never holds another, so what closes first is its own end. */
export function padButtons(html: string): string {
  return html.replace(BUTTON, (_whole, open: string, words: string, close: string) =>
    [open, BEFORE, words, AFTER, close].join(''),
  )
}
