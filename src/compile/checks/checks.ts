/** Every check in the order its findings are shown. To add one: a file beside these, with its id, and a line here. */

import type { Check, CheckInput, Finding } from './finding.js'
import { checkHtmlSize } from './html-size.js'
import { checkLeftovers } from './leftovers.js'
import { checkTextPart } from './text-part.js'
import { checkUnsubscribe } from './unsubscribe.js'

const CHECKS: readonly Check[] = [checkLeftovers, checkHtmlSize, checkUnsubscribe, checkTextPart]

/** Runs every check. Errors first is the caller's business: findings come in the order of the checks. */
export function checkCompiled(input: CheckInput): readonly Finding[] {
  return CHECKS.flatMap((check) => check(input))
}
