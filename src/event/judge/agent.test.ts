import { expect, test } from 'vitest'
import { readAgent } from './agent.js'

test.each([
  ['', 'none'],
  ['Mozilla/5.0', 'privacy-proxy'],
  [
    'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    'image-proxy',
  ],
  ['YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html', 'image-proxy'],
  ['Thunderbird', 'mail-app'],
  ['Outlook-iOS/723.4111.prod.iphone (4.2405.0)', 'mail-app'],
  ['K-9 Mail', 'mail-app'],
  ['Thunderbirdbot/1.0', 'bot'],
  ['Barracuda Sentinel (EE)', 'bot'],
  ['CiscoSecureEmail', 'bot'],
  ['TMES', 'bot'],
  ['curl/8.5.0', 'bot'],
  ['WhatsApp/2.23.20.0', 'bot'],
  ['Googlebot/2.1', 'bot'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0', 'bot'],
  ['SomethingNew/1', 'odd'],
  ['Mozilla/5.0 (compatible)', 'odd'],
  ['NetSurf/3.10 (Linux)', 'browser'],
  ['Lynx/2.9.0dev.12 libwww-FM/2.14', 'browser'],
  [
    'Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0',
    'browser',
  ],
])('%s is of the kind %s', (userAgent, agent) => {
  expect(readAgent(userAgent)).toBe(agent)
})

test('more names than memory should hold change nothing', () => {
  for (let index = 0; index < 5_000; index += 1) readAgent(`Mozilla/5.0 (X11; Linux) Firefox/${index}`)

  expect(readAgent('curl/8.5.0')).toBe('bot')
})
