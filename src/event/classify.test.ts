import { expect, test } from 'vitest'
import { type ClassifiedHit, classify } from './classify.js'

const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
const gmailProxy = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)'
const yahooProxy = 'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html'

function hit(given: Partial<ClassifiedHit>): ClassifiedHit {
  return { kind: 'open', method: 'GET', userAgent: safari, headers: {}, ...given }
}

test.each<[string, Partial<ClassifiedHit>, string, string]>([
  ['Alice opening on her phone', {}, 'person', ''],
  ['Alice clicking', { kind: 'click' }, 'person', ''],
  ['Alice reading in Thunderbird', { userAgent: 'Thunderbird' }, 'person', 'mail-app'],
  ['Alice reading in Gmail', { userAgent: gmailProxy }, 'person', 'image-proxy'],
  ['Alice reading in Yahoo Mail', { userAgent: yahooProxy }, 'person', 'image-proxy'],
  ['a HEAD request', { method: 'HEAD' }, 'machine', 'method'],
  ['an OPTIONS request', { method: 'OPTIONS' }, 'machine', 'method'],
  ['Grace prefetching', { headers: { 'sec-purpose': 'prefetch;prerender' } }, 'machine', 'prefetch'],
  ['an old Firefox prefetching', { headers: { 'x-moz': 'prefetch' } }, 'machine', 'prefetch'],
  ['a mail app previewing', { headers: { 'x-purpose': 'preview' } }, 'machine', 'prefetch'],
  ["Apple's privacy proxy", { userAgent: 'Mozilla/5.0' }, 'unknown', 'privacy-proxy'],
  ['a click that says only Mozilla/5.0', { kind: 'click', userAgent: 'Mozilla/5.0' }, 'machine', 'known-bot'],
  ['a click that poses as an image proxy', { kind: 'click', userAgent: gmailProxy }, 'machine', 'known-bot'],
  ['a scanner', { kind: 'click', userAgent: 'BarracudaCentral' }, 'machine', 'known-bot'],
  ['curl', { kind: 'click', userAgent: 'curl/8.5.0' }, 'machine', 'known-bot'],
  ['nobody in particular', { userAgent: '' }, 'unknown', 'no-agent'],
  [
    'a person who passes a form',
    { kind: 'unsubscribe', method: 'POST', userAgent: 'curl/8.5.0' },
    'person',
    'form',
  ],
])('%s', (_who, given, verdict, decidedBy) => {
  const classification = classify(hit(given))

  expect(classification.verdict).toBe(verdict)
  expect(classification.reasons[0] ?? '').toBe(decidedBy)
})
