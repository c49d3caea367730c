/** Logs: events, not stories; JSON lines on stderr. No addresses at info level, no credentials ever. */

import pino from 'pino'

export type Log = pino.Logger

/** What a database says of the rows and values that an error is about: a person's, as a rule. */
const VALUES: ReadonlySet<string> = new Set(['detail', 'where', 'parameters', 'internalQuery', 'dataType'])

export function openLog(
  level: pino.LevelWithSilent,
  destination: pino.DestinationStream = pino.destination(2),
): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: writeError } },
    destination,
  )
}

/** As pino writes errors, those of databases without values. */
function writeError(error: Error): object {
  return withoutValues(pino.stdSerializers.err(error))
}

function withoutValues(written: object): object {
  const kept = Object.entries(written).filter(([name]) => !VALUES.has(name))
  return Object.fromEntries(
    kept.map(([name, value]) => [name, name === 'cause' && isObject(value) ? withoutValues(value) : value]),
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
