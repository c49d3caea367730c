/** The Send a command line names. */

import { InputError } from '../errors.js'

/** Throws InputError when it is no number of a Send. */
export function readSendId(text: string): number {
  const id = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
  if (id === null)
    throw new InputError(
      `"${text}" is no Send; name its number, as in pressrun status 1 (pressrun sends lists them)`,
    )
  return id
}
