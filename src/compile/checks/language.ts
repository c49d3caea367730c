/** N: the words themselves. */

import type { Check } from './check.js'
import { comments } from './comments.js'
import { datesAndNumbers } from './dates.js'
import { placeholders } from './placeholders.js'
import { spelling } from './spelling.js'
import { typing } from './typing.js'

export const LANGUAGE_CHECKS: readonly Check[] = [spelling, placeholders, typing, comments, datesAndNumbers]
