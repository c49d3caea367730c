/** Proxies of mailbox providers, and what they tell of a reader. */

import { APPLE_PROXY, GOOGLE_PROXY, IPHONE, YAHOO_PROXY } from './agents.js'
import { browser, click, machine, open, person, program, type Scenario, scenario } from './scenario.js'

const apple = program(APPLE_PROXY, '104.28.40.0/24')
const appleElsewhere = program(APPLE_PROXY, '146.75.168.0/24')
const google = program(GOOGLE_PROXY, '66.249.93.0/24')
const yahoo = program(YAHOO_PROXY, '74.6.130.0/24')
const phone = browser(IPHONE, '198.51.100.0/24')

const MAILGUN =
  'Mailgun, "Privacy, automatic engagements, and bot detection" (mailgun.com/blog/product/bot-detection)'

export const PROXIES: readonly Scenario[] = [
  scenario({
    name: 'Apple Mail Privacy Protection loads the pixel, and nobody reads',
    source: `${MAILGUN}; SocketLabs, "Identifying Apple MPP opens"`,
    hits: [open(610, machine(apple, 'unknown'))],
  }),
  scenario({
    name: 'Apple loads the pixel again and again from several networks',
    source: 'Word to the Wise on Apple MPP, 2021: two proxies, any provider',
    hits: [
      open(610, machine(apple, 'unknown')),
      open(640, machine(appleElsewhere, 'unknown')),
      open(90_000, machine(apple, 'unknown')),
    ],
  }),
  scenario({
    name: 'Apple loads the pixel, then the reader clicks in Safari',
    source: MAILGUN,
    hits: [open(610, machine(apple, 'unknown')), click(4_000, 2, person(phone))],
  }),
  scenario({
    name: 'Apple loads the pixel within seconds',
    source: 'SocketLabs: images are loaded as soon as the device has power and network',
    hits: [open(3, machine(apple, 'unknown'))],
  }),
  scenario({
    name: 'a reader opens in Gmail',
    source: `${MAILGUN}; blog.wordtothewise.com/2013/12/gmail-deploys-image-proxy-servers`,
    hits: [open(1_200, person(google))],
  }),
  scenario({
    name: "Google's proxy asks thirty times for one reader",
    source: 'exchangetuts.com, "Multiple calls from GoogleImageProxy": hundreds for one picture',
    hits: Array.from({ length: 30 }, (_, index) => open(1_200 + index * 40, person(google))),
  }),
  scenario({
    name: 'Gmail loads ahead because someone is at the inbox',
    source: 'SendGrid, "Illegitimate (non-human) click and open engagement"',
    hits: [open(2, machine(google, 'unknown'))],
  }),
  scenario({
    name: 'a reader opens in Yahoo Mail, twice',
    source: 'botcrawl.com/bots/yahoomailproxy; help.yahoo.com SLN28749',
    hits: [open(1_200, person(yahoo)), open(50_000, person(yahoo))],
  }),
  scenario({
    name: 'a click that poses as an image proxy',
    source: 'proxies load pictures and follow no link',
    hits: [click(1_200, 1, machine(google, 'machine', 'unknown'))],
  }),
  scenario({
    name: "Google's proxy opens for two hundred readers in one minute",
    source: 'one network serves all of Gmail (AS15169)',
    deliveries: Array.from({ length: 200 }, (_, index) => [open(1_200 + index * 0.2, person(google))]),
  }),
  scenario({
    name: 'Apple loads the pixel for two hundred readers in one minute',
    source: 'few egress networks serve all of Apple Mail',
    deliveries: Array.from({ length: 200 }, (_, index) => [
      open(600 + index * 0.2, machine(apple, 'unknown')),
    ]),
  }),
]
