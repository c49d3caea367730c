/** A Pace with nothing but its connections to keep to, for tests that are about something else. */

import { readPace } from '../../src/send/pace/limit.js'
import { openPace, type Pace } from '../../src/send/pace/pace.js'

export function freePace(connections = 5): Pace {
  return openPace({
    limits: readPace(''),
    connections: () => connections,
    connectionsFor: () => connections,
    shares: {
      now: () => ({ part: 1, isCommon: false }),
      loseRedis: () => {},
      workers: () => 1,
      parts: () => 1,
      beat: async () => {},
      end: async () => {},
    },
    permits: {
      reserve: () => Promise.reject(new Error('no Redis')),
      isThere: async () => false,
      close: () => {},
    },
    monotonic: () => performance.now(),
    random: () => 0,
    onChange: () => {},
  })
}
