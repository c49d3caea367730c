/** The looks of the studio, put together from a sheet for each of its places. */

import { GROUND } from './styles/ground.js'
import { HELP } from './styles/help.js'
import { INBOX } from './styles/inbox.js'
import { READERS } from './styles/readers.js'
import { SHELL } from './styles/shell.js'
import { STAGE } from './styles/stage.js'
import { TEST_SEND } from './styles/test-send.js'

export const STYLE = [GROUND, SHELL, STAGE, READERS, HELP, INBOX, TEST_SEND].join('')
