import { expect, test } from 'vitest'
import { type HttpLook, judgeSite, type SiteLook } from './site.js'

const answered = (status: number, body = '', location: string | null = null): HttpLook => ({
  kind: 'answered',
  status,
  location,
  body,
})
const away: HttpLook = { kind: 'unreachable', cause: 'ECONNREFUSED' }
const SOUND: SiteLook = { health: answered(200, '{"ok":true}'), oneClick: answered(404), secret: 'same' }

function judge(
  look: Partial<SiteLook>,
  publicUrl = 'https://news.press.test',
  isEngineHere: boolean | null = true,
) {
  return judgeSite({ publicUrl, look: { ...SOUND, ...look }, isEngineHere }).map(
    ({ check, level, message }) => [`${check} ${level}`, message],
  )
}

test('an engine of ours that takes a one-click unsubscribe is fine', () => {
  expect(judge({}).map(([what]) => what)).toEqual(['web ok', 'one-click ok'])
})

test.each<[string, Partial<SiteLook>, string | undefined, RegExp]>([
  ['http', {}, 'http://news.press.test', /is not https/],
  ['nobody there', { health: away }, undefined, /can't be reached \(ECONNREFUSED\); readers' clicks/],
  [
    'a redirect',
    { health: answered(301, '', 'https://www.press.test/') },
    undefined,
    /redirects to https:\/\/www\.press\.test\//,
  ],
  [
    'another site',
    { health: answered(200, '<h1>Hello</h1>'), secret: 'unproven' },
    undefined,
    /not Pressrun \(200 to \/health\)/,
  ],
  ['JSON of another site', { health: answered(200, '[1]'), secret: 'unproven' }, undefined, /not Pressrun/],
  ['another secret', { secret: 'other' }, undefined, /does not know the secret/],
  ['no proof', { secret: 'unproven' }, undefined, /proves nothing/],
])('%s is an error', (_what, look, publicUrl, message) => {
  expect(judge(look, publicUrl)[0]).toEqual(['web error', expect.stringMatching(message)])
})

test('that nobody answers while no engine runs here is a warning', () => {
  expect(judge({ health: away }, undefined, false)).toEqual([
    ['web warning', expect.stringContaining('no engine runs here')],
  ])
})

test('without a secret here it is told that an engine answers, and no more', () => {
  expect(judge({ secret: 'unknown' })).toEqual([
    ['web note', expect.stringContaining("can't be told without a secret")],
  ])
})

test('an engine that is ill says with what', () => {
  const health = answered(503, '{"ok":false,"ill":{"disk":"is nearly full"}}')

  expect(judge({ health })[0]).toEqual([
    'web warning',
    'the engine at https://news.press.test says that it is ill: disk is nearly full',
  ])
})

test.each([200, 301, 401, 403, 405, 503])(
  'D4 a one-click unsubscribe that is answered %i did not reach the engine',
  (status) => {
    expect(judge({ oneClick: answered(status) })[1]).toEqual([
      'one-click error',
      expect.stringContaining(`is answered ${status} before`),
    ])
  },
)
