/** How long the HTML of a mail may be, in bytes. */

/** Where Gmail cuts it off and offers to show the whole message. */
export const GMAIL_CUTS_BYTES = 102_000
/** Some relays and gateways rewrite links and so add to the size. */
export const MAX_HTML_BYTES = 100_000
export const WARN_HTML_BYTES = 80_000
