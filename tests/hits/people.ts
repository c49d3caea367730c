/** People, some of whom look odd. A wrong "machine" hides one of them. */

import * as agents from './agents.js'
import {
  browser,
  click,
  machine,
  open,
  person,
  program,
  type Scenario,
  scenario,
  sweep,
  withHeaders,
} from './scenario.js'

const HOME = '198.51.100.0/24'
const OFFICE = '203.0.113.0/24'
/** On Apple's list of egress networks (mask-api.icloud.com). */
const RELAY = '172.225.6.0/24'
const RELAY_V6 = '2a04:4e41:3::/48'

const chrome = browser(agents.WINDOWS_CHROME, HOME)
const phone = browser(agents.IPHONE, HOME)
const firefox = browser(agents.LINUX_FIREFOX, HOME)

export const PEOPLE: readonly Scenario[] = [
  scenario({
    name: 'a person reads twice, on the phone and at the desk',
    source: 'the plainest reader there is',
    hits: [
      open(4_000, person(phone)),
      click(4_060, 0, person(phone)),
      open(32_000, person(chrome)),
      click(32_100, 3, person(chrome)),
    ],
  }),
  scenario({
    name: 'a person clicks three links within eight seconds',
    source: 'into tabs, to be read later',
    hits: [click(900, 0, person(chrome)), click(903.5, 3, person(chrome)), click(908, 5, person(chrome))],
  }),
  scenario({
    name: 'a person clicks the three links of a short issue within eight seconds',
    source: 'the same; all there are',
    links: 3,
    hits: [0, 3.5, 8].map((after, link) => click(900 + after, link, person(chrome, 'person', 'unknown'))),
  }),
  scenario({
    name: 'a person opens five links into tabs within nine seconds',
    source: 'the same, with a quick hand',
    hits: [0, 1.6, 3.8, 6.1, 9].map((after, index) => click(900 + after, index * 2, person(chrome))),
  }),
  scenario({
    name: 'a person taps a link three times because nothing seems to happen',
    source: 'slow networks',
    hits: [0, 0.7, 1.4].map((after) => click(900 + after, 2, person(phone))),
  }),
  scenario({
    name: 'a person clicks four seconds after the message was accepted, because the phone rang',
    source: 'push notifications',
    hits: [open(3, person(phone, 'person', 'unknown')), click(4, 0, person(phone, 'person', 'unknown'))],
  }),
  scenario({
    name: 'a person clicks, and when the message was accepted is not known',
    source: 'a reply that was lost',
    sentAt: null,
    hits: [open(2, person(phone)), click(4, 0, person(phone))],
  }),
  scenario({
    name: 'a person had the message an hour before its copy was accepted',
    source: 'a Message that was resent after its reply was lost',
    hits: [click(-3_600, 0, person(phone)), click(90, 1, person(phone))],
  }),
  scenario({
    name: 'Outlook on Windows, then Edge',
    source: 'JayBizzle/Crawler-Detect#278: Outlook is no robot',
    hits: [
      open(900, person(program(agents.OUTLOOK_WINDOWS, OFFICE))),
      click(960, 1, person(browser(agents.WINDOWS_EDGE, OFFICE))),
    ],
  }),
  scenario({
    name: 'Outlook on an iPhone',
    source: 'its own name',
    hits: [open(900, person(program(agents.OUTLOOK_IOS, HOME)))],
  }),
  scenario({
    name: 'Thunderbird, then Firefox',
    source: 'donatj/PhpUserAgent#53',
    hits: [open(900, person(program(agents.THUNDERBIRD, HOME))), click(960, 1, person(firefox))],
  }),
  scenario({
    name: 'Apple Mail without the proxy, then Safari',
    source: 'JayBizzle/Crawler-Detect#278',
    hits: [
      open(900, person(program(agents.APPLE_MAIL, HOME))),
      click(960, 1, person(browser(agents.MAC_SAFARI, HOME))),
    ],
  }),
  scenario({
    name: 'mail programs that few people use',
    source: 'isbot takes every short name it does not know for a robot',
    hits: agents.RARE_MAIL_PROGRAMS.map((agent, index) =>
      open(900 + index * 100, person(program(agent, HOME), 'person', 'unknown')),
    ),
  }),
  scenario({
    name: 'a link opened inside the Gmail app on Android',
    source: 'developer.chrome.com, WebView user agents',
    hits: [
      click(
        900,
        1,
        person(withHeaders(browser(agents.ANDROID_WEBVIEW, HOME), { referer: 'https://mail.google.com' })),
      ),
    ],
  }),
  scenario({
    name: 'a forwarded issue with ten readers over two days',
    source: 'forwarding keeps the Token',
    hits: Array.from({ length: 10 }, (_, reader) => {
      const agent = [agents.IPHONE, agents.WINDOWS_CHROME, agents.MAC_SAFARI, agents.ANDROID_CHROME][
        reader % 4
      ]
      const who = browser(agent ?? '', `198.51.${100 + reader}.0/24`)
      const after = 3_000 + reader * 17_000
      return [open(after, person(who)), click(after + 50, reader % 12, person(who))]
    }).flat(),
  }),
  scenario({
    name: 'a forwarded issue discussed in a call: three readers click at once',
    source: 'the same',
    hits: [
      click(9_000, 0, person(browser(agents.WINDOWS_CHROME, HOME), 'person', 'unknown')),
      click(9_000.6, 1, person(browser(agents.MAC_SAFARI, '203.0.114.0/24'), 'person', 'unknown')),
      click(9_001.1, 2, person(browser(agents.ANDROID_CHROME, '203.0.115.0/24'), 'person', 'unknown')),
    ],
  }),
  scenario({
    name: 'a browser says that it navigates, as all do over TLS',
    source: 'Fetch standard, Sec-Fetch-Mode',
    hits: [
      click(900, 1, person(withHeaders(chrome, { 'sec-fetch-mode': 'navigate', 'sec-fetch-user': '?1' }))),
    ],
  }),
  scenario({
    name: 'Hits of before it was kept what kind of answer was asked for',
    source: 'no header, no hint',
    hits: [click(900, 1, person({ ...chrome, headers: { 'accept-language': 'de' } }))],
  }),
  scenario({
    name: 'pictures are blocked, then a click',
    source: 'most desktop mail programs',
    hits: [click(900, 4, person(browser(agents.WINDOWS_EDGE, OFFICE)))],
  }),
  scenario({
    name: 'text-mode browsers',
    source: 'lynx sends a language, w3m too',
    hits: [
      click(900, 4, person(browser(agents.LYNX, HOME))),
      click(4_000, 2, person(browser(agents.W3M, HOME))),
    ],
  }),
  scenario({
    name: 'a person with a screen reader goes from link to link',
    source: 'NVDA with Firefox: the links of a message as a list',
    hits: [0, 20, 45, 61, 110, 170].map((after, link) =>
      click(900 + after, link, person(browser(agents.WINDOWS_FIREFOX, HOME))),
    ),
  }),
  scenario({
    name: 'a person asks not to be tracked, where the publication keeps Hits all the same',
    source: 'Sec-GPC and DNT say nothing of who asks',
    hits: [
      open(900, person(withHeaders(firefox, { dnt: '1' }))),
      click(930, 1, person(withHeaders(firefox, { dnt: '1', 'sec-gpc': '1' }))),
    ],
  }),
  scenario({
    name: 'very old phones',
    source: 'their own names',
    hits: [
      click(900, 1, person(browser(agents.NOKIA, HOME), 'person', 'unknown')),
      click(1_900, 1, person(browser(agents.OPERA_MINI, HOME))),
      click(2_900, 1, person(browser(agents.KAIOS, HOME))),
    ],
  }),
  scenario({
    name: 'a telephone whose maker is called Cubot',
    source: 'the classic error of lists of robots',
    hits: [click(900, 1, person(browser(agents.CUBOT_PHONE, HOME)))],
  }),
  scenario({
    name: 'agents taken away by a careful proxy',
    source: 'an empty agent says nothing, not even "machine"',
    hits: [
      open(900, person(program('', HOME), 'unknown')),
      click(930, 1, person(browser('', HOME), 'unknown')),
    ],
  }),
  scenario({
    name: 'the language taken away by a careful browser',
    source: 'a header that is missing is a hint, no proof',
    hits: [click(900, 1, person({ ...firefox, headers: { accept: 'text/html' } }, 'person', 'unknown'))],
  }),
  scenario({
    name: 'readers behind Private Relay click in Safari from a listed network',
    source: 'suped.com on Private Relay: the network must not condemn; Word to the Wise: the same as MPP’s',
    deliveries: [RELAY, RELAY, RELAY_V6].map((network, index) => [
      open(600, machine(program(agents.APPLE_PROXY, network), 'unknown')),
      click(4_000 + index * 40, 1, person(browser(agents.IPHONE, network))),
    ]),
  }),
  scenario({
    name: 'a person reads every story of a long issue over a quarter of an hour',
    source: 'rare, and not to be told from a patient machine',
    hits: [...sweep(2_000, { count: 12, seconds: 900 }, person(chrome, 'person', 'unknown'))],
  }),
]
