/** The looks of the studio, put together from a sheet for each of its places. */

import { GROUND } from './styles/ground.js'
import { SHELL } from './styles/shell.js'

export const STYLE = [GROUND, SHELL].join('')
