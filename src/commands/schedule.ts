/** `send --at`: the time as it was said, in the zone of the call, the publication or the machine. */

import { parseDuration } from '../amount.js'
import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import { readPublication } from '../issue/read.js'
import { DEFAULT_LATE_MS } from '../send/begin.js'
import { readScheduledTime, type ScheduledTime } from '../send/scheduled-time.js'

const MAX_LATE_MS = 30 * 86_400_000

export interface ScheduleFlags {
  readonly at?: string
  readonly zone?: string
  readonly late?: string
}

/** Null without --at. Throws InputError saying what would be right. */
export async function readSchedule(
  { at, zone, late }: ScheduleFlags,
  { config, now }: { readonly config: Pick<Config, 'root'>; readonly now: () => number },
): Promise<(ScheduledTime & { readonly lateMs: number }) | null> {
  if (at === undefined) {
    const alone = zone !== undefined ? '--zone' : late !== undefined ? '--late' : null
    if (alone !== null) throw new InputError(`${alone}: says something about a time; name it with --at`)
    return null
  }
  const { timeZone } = await readPublication(config.root)
  const defaultZone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const time = readScheduledTime(at, { saidZone: zone ?? null, defaultZone, now: now() })
  return { ...time, lateMs: late === undefined ? DEFAULT_LATE_MS : readLate(late) }
}

function readLate(text: string): number {
  const ms = parseDuration(text)
  if (ms === null) throw new InputError(`--late: "${text}" is not a duration; write one like 30m, 6h or 2d`)
  if (ms > MAX_LATE_MS)
    throw new InputError(
      `--late: ${text} is more than 30d; an issue that comes a month late is another one, so write 30d or less`,
    )
  return ms
}
