import { expect, test } from 'vitest'
import { judgeClocks } from './clock.js'
import { type DatabaseState, judgeDatabase, judgeDisk, judgeRedisState, type RedisState } from './machine.js'
import { judgeRelays, type RelayLook } from './relay.js'

const NOW = Date.parse('2026-11-25T12:00:00Z')
const REDIS = {
  kind: 'answered',
  server: 'Redis 8.0.2',
  isPrivate: false,
  refusal: null,
  warning: null,
} as const

test.each<[RedisState, string, RegExp]>([
  [REDIS, 'ok', /^Redis 8\.0\.2 answers and drops no keys$/],
  [{ ...REDIS, isPrivate: true }, 'ok', /private to the engine, answers/],
  [{ ...REDIS, refusal: 'is too old' }, 'error', /is too old/],
  [{ ...REDIS, warning: 'would drop keys' }, 'warning', /would drop keys/],
  [{ kind: 'unreachable', message: 'cannot reach Redis' }, 'error', /cannot reach/],
  [{ kind: 'program', program: 'valkey-server 8.1' }, 'ok', /will start a private valkey-server 8\.1/],
  [{ kind: 'none' }, 'error', /neither redis-server nor valkey-server is installed/],
])('Redis %j: %s', (state, level, message) => {
  expect(judgeRedisState(state)).toEqual({ check: 'redis', level, message: expect.stringMatching(message) })
})

test.each<[DatabaseState, string]>([
  [{ kind: 'sqlite', version: '3.45.1', journal: 'wal', synchronous: 2 }, 'ok'],
  [{ kind: 'sqlite', version: '3.45.1', journal: 'delete', synchronous: 2 }, 'error'],
  [{ kind: 'sqlite', version: '3.45.1', journal: 'wal', synchronous: 1 }, 'error'],
  [{ kind: 'postgres', version: '17.2', versionNumber: 170_002, fullPageWrites: true }, 'ok'],
  [{ kind: 'postgres', version: '14.9', versionNumber: 140_009, fullPageWrites: true }, 'warning'],
  [{ kind: 'postgres', version: '17.2', versionNumber: 170_002, fullPageWrites: false }, 'warning'],
  [{ kind: 'refused', message: 'is damaged' }, 'error'],
])('database %j: %s', (state, level) => {
  expect(judgeDatabase(state)).toMatchObject({ check: 'database', level })
})

test.each([
  [199e6, 'error', /^199 MB are free/],
  [200e6, 'warning', /below 200 MB nothing is sent/],
  [82.6e9, 'ok', /^82\.6 GB are free/],
])('%i bytes free: %s', (freeBytes, level, message) => {
  expect(judgeDisk({ freeBytes, minFreeBytes: 200e6 })).toMatchObject({
    level,
    message: expect.stringMatching(message),
  })
})

test('clocks that agree are one finding, each that does not is a warning', () => {
  const agreed = judgeClocks([
    { whose: 'Postgres', aheadMs: 300_000 },
    { whose: 'Redis', aheadMs: -20 },
  ])
  const apart = judgeClocks([
    { whose: 'Postgres', aheadMs: -301_000 },
    { whose: 'Redis', aheadMs: 0 },
  ])

  expect(agreed).toEqual([
    { check: 'clock', level: 'ok', message: 'the clock agrees with that of Postgres and Redis' },
  ])
  expect(apart).toEqual([
    {
      check: 'clock',
      level: 'warning',
      message: 'the clock of this machine is 5 minutes behind that of Postgres; set both by NTP',
    },
  ])
})

const TAKEN = {
  kind: 'taken',
  name: 'smtp://r.test:587',
  hasLogin: true,
  isInner: false,
  takesRest: true,
} as const
const tls = (days: number, isTrusted = true) => ({
  protocol: 'TLSv1.3',
  isTrusted,
  expiresAt: NOW + days * 86_400_000,
})

test.each<[string, RelayLook, string, RegExp]>([
  ['TLS', { ...TAKEN, tls: tls(90) }, 'ok', /takes our login over TLSv1\.3, with a certificate that holds/],
  ['no login', { ...TAKEN, hasLogin: false, tls: tls(90) }, 'ok', /takes us without a login/],
  ['no TLS', { ...TAKEN, tls: null }, 'warning', /can be read on the way/],
  ['no TLS within this network', { ...TAKEN, isInner: true, tls: null }, 'ok', /within this network/],
  ['a certificate that ends soon', { ...TAKEN, tls: tls(1) }, 'warning', /ends in 1 day; have it renewed/],
  ['a certificate that is not looked at', { ...TAKEN, tls: tls(90, false) }, 'warning', /is not looked at/],
  [
    'a refusal',
    { kind: 'refused', name: 'x', takesRest: true, message: 'refused the login' },
    'error',
    /refused the login/,
  ],
])('a relay with %s', (_what, look, level, message) => {
  expect(judgeRelays([look], NOW)).toEqual([
    { check: 'relay', level, message: expect.stringMatching(message) },
  ])
})

test('a relay that refuses us beside one that takes the rest is a warning; beside one for a lane it is an error', () => {
  const refused: RelayLook = { kind: 'refused', name: 'x', takesRest: true, message: 'refused the login' }
  const beside = (takesRest: boolean) => judgeRelays([refused, { ...TAKEN, takesRest, tls: tls(90) }], NOW)[0]

  expect(beside(true)).toMatchObject({
    level: 'warning',
    message: 'refused the login; the other relays take its share',
  })
  expect(beside(false)).toMatchObject({ level: 'error', message: 'refused the login' })
})
