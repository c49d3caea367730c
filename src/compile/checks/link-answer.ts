/** L04: what a site's answer says about a link. Asked on request only; a network that is away is nobody's mistake. */

import { unreachable } from '../../errors.js'
import type { Found } from './check.js'

/** What asking came to. */
export type LinkLook =
  | { readonly kind: 'answered'; readonly status: number }
  /** Its name is not in DNS. */
  | { readonly kind: 'nowhere' }
  /** Not asked, or not to the end. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'silent'; readonly why: string }

/** Certificates that every reader's browser will warn of. */
const BAD_CERTIFICATE = /^(?:CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID|DEPTH_ZERO_SELF_SIGNED_CERT)$/

/** Null where the page is there. */
export function judgeLook(
  { url, line }: { readonly url: string; readonly line: number },
  look: LinkLook,
): Found | null {
  switch (look.kind) {
    case 'nowhere':
      return warn(line, `${url} leads nowhere: there is no site of that name`)
    case 'refused':
      return info(line, url, look.why)
    case 'silent':
      return BAD_CERTIFICATE.test(look.why)
        ? warn(line, `${url} has a certificate that browsers warn of (${look.why})`)
        : info(line, url, look.why)
    case 'answered':
      if (look.status < 400) return null
      return look.status === 404 || look.status === 410
        ? warn(line, `${url} is not there: the site answers ${look.status}`)
        : info(line, url, `the site answers ${look.status}`)
    default:
      return unreachable(look)
  }
}

/** Whether the answer will be the same in an hour. */
export function isLasting(look: LinkLook): boolean {
  return look.kind === 'answered' ? look.status < 500 && look.status !== 429 : look.kind === 'refused'
}

function warn(line: number, message: string): Found {
  return { severity: 'warn', line, message, hint: 'copy the address again from the page it leads to' }
}

function info(line: number, url: string, why: string): Found {
  return { severity: 'info', line, message: `${url} could not be checked: ${why}`, hint: 'open it yourself' }
}
