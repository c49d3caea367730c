/**
 * Failpoint: a place between two durable steps where a test lets this process die, as kill -9 would. Named by the
 * environment (`config.ts`), never by an option; without it a failpoint costs a comparison.
 *
 *   PRESSRUN_FAILPOINT=journal.after:3    die at the third passage of `journal.after`
 *   PRESSRUN_FAILPOINT_LOG=FILE           append the name of each one passed, so that a test can try them all
 */

import { appendFileSync } from 'node:fs'
import { FAILPOINT, FAILPOINT_LOG } from './config.js'

const [fatalName = '', fatalPassage = '1'] = FAILPOINT.split(':')
let passages = 0

export function failpoint(name: string): void {
  if (FAILPOINT_LOG !== '') appendFileSync(FAILPOINT_LOG, `${name}\n`)
  if (name !== fatalName) return
  passages += 1
  if (passages === Number(fatalPassage)) process.kill(process.pid, 'SIGKILL')
}
