/** Postmaster: the one mailbox that a server which takes mail has whatever else it refuses (RFC 5321 section 4.5.1). */

const POSTMASTER = /^postmaster(?:@|$)/i

/** `postmaster`, in any case, alone or of any domain; whether the domain is ours, the caller knows. */
export function isPostmaster(address: string): boolean {
  return POSTMASTER.test(address)
}
