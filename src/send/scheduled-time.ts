/**
 * The time a Send is scheduled for: as a person writes it, an instant and the zone it was said in. A time that the
 * clocks of that zone skip or show twice is refused, since a guess would be an hour off.
 */

import { Temporal } from 'temporal-polyfill'
import { InputError } from '../errors.js'
import { describeBadZone } from '../issue/time-zone.js'

export interface ScheduledTime {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** IANA name, or the offset such as `+01:00` when only that was said. */
  readonly zone: string
}

export interface TimeContext {
  /** What `--zone` said; null: nothing. */
  readonly saidZone: string | null
  /** Where neither `--zone` nor an offset is said. */
  readonly defaultZone: string
  readonly now: number
}

/** Further ahead it is a slip in the year. */
const MAX_YEARS_AHEAD = 2

const WRITTEN =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:T| +)(?<hour>\d{1,2})(?<rest>:[0-5]\d(?::[0-5]\d)?) *(?<offset>Z|[+-]\d{2}:\d{2})?$/i

/** Throws InputError saying what would be right. */
export function readScheduledTime(text: string, { saidZone, defaultZone, now }: TimeContext): ScheduledTime {
  const zone = saidZone ?? defaultZone
  const badZone = describeBadZone(zone)
  if (badZone !== null) throw refuse('--zone', badZone)
  const { plain, offset } = readPlain(text, zone)
  const zoned = offset === null ? inZone(plain, zone) : withOffset(plain, { offset, zone: saidZone })
  const at = zoned.epochMilliseconds
  if (at <= now) {
    const there = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zoned.timeZoneId)
    const past = `${writeMinute(zoned)} in ${zoned.timeZoneId} is past (it is ${writeMinute(there)} there)`
    throw refuse('--at', `${past}; leave --at out to send now`)
  }
  const last = Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO(zoned.timeZoneId)
    .add({ years: MAX_YEARS_AHEAD })
  if (at > last.epochMilliseconds) {
    const latest = `write the year again, or a time before ${writeMinute(last)}`
    throw refuse('--at', `${writeMinute(zoned)} is more than two years ahead; ${latest}`)
  }
  return { at, zone: zoned.timeZoneId }
}

/** `2026-12-01 09:00 Europe/Berlin (08:00 UTC)` */
export function writeScheduledTime({ at, zone }: ScheduledTime): string {
  const instant = Temporal.Instant.fromEpochMilliseconds(at)
  const [there, utc] = [instant.toZonedDateTimeISO(zone), instant.toZonedDateTimeISO('UTC')]
  if (zone === 'UTC') return `${writeMinute(utc)} UTC`
  const isSameDay = there.toPlainDate().equals(utc.toPlainDate())
  return `${writeMinute(there)} ${zone} (${isSameDay ? writeMinute(utc).slice(11) : writeMinute(utc)} UTC)`
}

function readPlain(text: string, zone: string) {
  const { day, hour = '', rest, offset } = WRITTEN.exec(text.trim())?.groups ?? {}
  if (day === undefined) {
    const right = `write one like "2026-12-01 09:00" (in ${zone}) or 2026-12-01T09:00+01:00`
    throw refuse('--at', `"${text}" is no day with a time; ${right}`)
  }
  try {
    const plain = Temporal.PlainDateTime.from(`${day}T${hour.padStart(2, '0')}${rest}`, {
      overflow: 'reject',
    })
    return { plain, offset: offset === undefined ? null : offset.toUpperCase().replace('Z', '+00:00') }
  } catch (error) {
    throw refuse('--at', `"${text}" is on no calendar or clock; write a day and a time that there are`, error)
  }
}

function inZone(plain: Temporal.PlainDateTime, zone: string): Temporal.ZonedDateTime {
  const earlier = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' })
  if (earlier.equals(later)) return earlier
  const said = writeMinute(plain)
  throw earlier.toPlainDateTime().equals(plain)
    ? refuse(
        '--at',
        `${said} comes twice in ${zone}, where the clocks go back; write ${writeOffset(earlier)} for the first or ${writeOffset(later)} for the second`,
      )
    : refuse(
        '--at',
        `${said} does not exist in ${zone}, where the clocks go forward; write ${writeMinute(earlier)} or ${writeMinute(later)}`,
      )
}

/** The offset decides. With a zone beside it the two have to agree. */
function withOffset(
  plain: Temporal.PlainDateTime,
  { offset, zone }: { readonly offset: string; readonly zone: string | null },
): Temporal.ZonedDateTime {
  let zoned: Temporal.ZonedDateTime
  try {
    zoned = plain.toZonedDateTime(offset === '+00:00' ? 'UTC' : offset)
  } catch (error) {
    throw refuse('--at', `"${offset}" is no offset from UTC; write one like +01:00`, error)
  }
  if (zone === null) return zoned
  const there = zoned.withTimeZone(zone)
  if (there.offset === offset) return there
  const right = inZone(plain, zone)
  throw refuse(
    '--at',
    `${writeMinute(plain)} is ${right.offset} in ${zone}, not ${offset}; leave one of them out`,
  )
}

function writeMinute(time: Temporal.PlainDateTime | Temporal.ZonedDateTime): string {
  const plain = 'toPlainDateTime' in time ? time.toPlainDateTime() : time
  return plain.toString({ smallestUnit: plain.second === 0 ? 'minute' : 'second' }).replace('T', ' ')
}

function writeOffset(time: Temporal.ZonedDateTime): string {
  return `${time.toPlainDateTime().toString({ smallestUnit: 'minute' })}${time.offset}`
}

function refuse(where: string, message: string, cause?: unknown): InputError {
  return new InputError([{ where, line: null, message }], { cause })
}
