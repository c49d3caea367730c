/** The looks of the studio, put together from a sheet for each of its places. */

import { COMPARE } from './styles/compare.js'
import { FINDINGS } from './styles/findings.js'
import { GROUND } from './styles/ground.js'
import { HELP } from './styles/help.js'
import { INBOX } from './styles/inbox.js'
import { ISSUES } from './styles/issues.js'
import { READERS } from './styles/readers.js'
import { SHELL } from './styles/shell.js'
import { SIZES } from './styles/sizes.js'
import { STAGE } from './styles/stage.js'
import { TEST_SEND } from './styles/test-send.js'

export const STYLE = [
  GROUND,
  SHELL,
  STAGE,
  FINDINGS,
  READERS,
  COMPARE,
  SIZES,
  HELP,
  INBOX,
  TEST_SEND,
  ISSUES,
].join('')
