/** Who gives a command, as the record names him: `--by NAME`, else the user of the machine. */

import { userInfo } from 'node:os'
import { escapeText } from '../compile/escape.js'
import { InputError } from '../errors.js'

/** A name, not a story. */
const MAX_NAME = 80

/** Throws InputError for a name without a letter in it. */
export function readPerson(said: string | undefined): string {
  if (said === undefined) return machineUser()
  const name = escapeText(said).trim().slice(0, MAX_NAME).toWellFormed()
  if (name === '') throw new InputError('--by: is empty; write who decides this, as in --by Ada')
  return name
}

function machineUser(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that has no name.
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
