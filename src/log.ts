/** Logs: events, not stories; JSON lines on stderr. No addresses at info level, no credentials ever. */

import pino from 'pino'

export type Log = pino.Logger

export function openLog(level: pino.LevelWithSilent): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
}
