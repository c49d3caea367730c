import { expect, test } from 'vitest'
import { judgeWayBack, type WayBack } from './coming-back.js'

const SOUND: WayBack = {
  domain: 'bounces.press.test',
  listens: '127.0.0.1:2525',
  takesComplaints: false,
  mailboxes: ['imaps://mail.press.test:993/INBOX'],
}

test.each<[string, Partial<WayBack>, string, RegExp]>([
  [
    'a way back that somebody takes in',
    {},
    'ok',
    /^what bounces goes to bounces\.press\.test, and is taken in by the listener on 127\.0\.0\.1:2525 and imaps:/,
  ],
  [
    'one that nobody takes in',
    { listens: null, mailboxes: [] },
    'warning',
    /nobody takes it in; set BOUNCES_LISTEN/,
  ],
  ['none', { domain: null, listens: null, mailboxes: [] }, 'warning', /nobody counts it; set RETURN_PATH/],
  [
    'a mailbox of the From address',
    { domain: null, listens: null },
    'ok',
    /goes to the From address, and imaps:/,
  ],
  ['a listener that would take nothing', { domain: null }, 'error', /set RETURN_PATH, a pattern like/],
  [
    'one for complaints alone',
    { domain: null, takesComplaints: true, mailboxes: [] },
    'warning',
    /goes to the From address, and nobody counts it/,
  ],
  [
    'a mailbox that cannot be read',
    { mailboxes: 'BOUNCES: names no host' },
    'error',
    /^BOUNCES: names no host$/,
  ],
])('%s', (_what, changes, level, message) => {
  expect(judgeWayBack({ ...SOUND, ...changes })).toEqual({
    check: 'bounces',
    level,
    message: expect.stringMatching(message),
  })
})
