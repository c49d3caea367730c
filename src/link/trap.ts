/** What stands in the place of a Link's index in the one link of a mail that no person sees. */
export const TRAP_INDEX = 'x'
