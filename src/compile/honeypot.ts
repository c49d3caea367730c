/**
 * The honeypot: a link at the end of the mail that no person sees, hears or reaches by keyboard; whoever follows it is a
 * machine. It holds no words, so that nothing shows where a mail program drops styles, and Outlook is not shown it at all.
 */

import { TRAP_INDEX } from '../link/trap.js'
import { markToken } from './holed.js'

const HIDDEN = 'display:none;max-height:0;max-width:0;overflow:hidden;mso-hide:all'

const BEFORE = `<!--[if !mso]><!--><div aria-hidden="true" style="${HIDDEN}"><a href="`
const AFTER = '" tabindex="-1"></a></div><!--<![endif]-->'

/** The same HTML with the link before its end. */
export function addHoneypot(html: string, publicUrl: string): string {
  const end = html.lastIndexOf('</body>')
  if (end === -1) throw new Error('MJML has written no end of a body')
  const url = `${publicUrl}/c/${markToken('read')}/${TRAP_INDEX}`
  return `${html.slice(0, end)}${BEFORE}${url}${AFTER}${html.slice(end)}`
}

/** A copy without it, for who looks at the mail itself. */
export function dropHoneypot(html: string): string {
  const start = html.lastIndexOf(BEFORE)
  const end = html.indexOf(AFTER, start)
  return start === -1 || end === -1 ? html : html.slice(0, start) + html.slice(end + AFTER.length)
}
