/** Filters that follow the links of a message to see where they lead. */

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
  trap,
} from './scenario.js'

const AZURE = '40.94.16.0/24'
const EXCHANGE = '104.47.11.0/24'
const OFFICE = '203.0.113.0/24'
const HOME = '198.51.100.0/24'
const FILTER = '192.0.2.0/24'

const safeLinks = program(agents.SAFE_LINKS, AZURE)
const perfectChrome = browser(agents.WINDOWS_CHROME, AZURE)
const gateway = program(agents.WINDOWS_CHROME, OFFICE)
const nameless = program('', EXCHANGE)
const reader = browser(agents.IPHONE, HOME)
const colleague = browser(agents.WINDOWS_EDGE, OFFICE)

const FIELD_GUIDE = 'live-direct-marketing.online, "Bot clicks from security scanners: a field guide"'

export const SCANNERS: readonly Scenario[] = [
  scenario({
    name: 'Barracuda says its name and follows all links',
    source: FIELD_GUIDE,
    hits: [...sweep(20, { count: 12, seconds: 30 }, machine(program(agents.BARRACUDA, FILTER)))],
  }),
  scenario({
    name: 'Barracuda Sentinel looks at one link, hours later',
    source: 'JayBizzle/Crawler-Detect#552',
    hits: [click(20_000, 4, machine(program(agents.BARRACUDA_SENTINEL, FILTER)))],
  }),
  scenario({
    name: 'Barracuda does not say its name',
    source: 'Act-On, "Identifying false positives in email clicks": ESS does not identify itself',
    hits: [
      ...sweep(8, { count: 12, seconds: 2 }, machine(browser(agents.WINDOWS_FIREFOX, '209.222.82.0/24'))),
    ],
  }),
  scenario({
    name: 'Proofpoint says its name',
    source: FIELD_GUIDE,
    hits: [click(31, 0, machine(program(agents.PROOFPOINT, FILTER)))],
  }),
  scenario({
    name: 'Proofpoint as an ordinary browser follows all links, none too fast',
    source: FIELD_GUIDE,
    hits: [...sweep(45, { count: 12, seconds: 9 }, machine(browser(agents.WINDOWS_CHROME, FILTER)))],
  }),
  scenario({
    name: 'Mimecast says its name',
    source: FIELD_GUIDE,
    hits: [click(31, 0, machine(program(agents.MIMECAST, FILTER)))],
  }),
  scenario({
    name: 'Mimecast from four networks as four browsers, all links within two seconds',
    source:
      'suped.com, "Which corporate filter appliances follow links"; networks and agents change on purpose',
    hits: Array.from({ length: 12 }, (_, link) => {
      const agent = [agents.WINDOWS_CHROME, agents.MAC_SAFARI, agents.LINUX_FIREFOX, agents.WINDOWS_EDGE][
        link % 4
      ]
      return click(
        25 + link / 8,
        link,
        machine(browser(agent ?? '', `195.130.${217 + (link % 4)}.0/24`), 'machine', 'unknown'),
      )
    }),
  }),
  scenario({
    name: 'Cisco says its name',
    source: FIELD_GUIDE,
    hits: [click(12, 3, machine(program(agents.CISCO, FILTER)))],
  }),
  scenario({
    name: 'Trend Micro says its name',
    source: FIELD_GUIDE,
    hits: [click(12, 3, machine(program(agents.TREND_MICRO, FILTER)))],
  }),
  scenario({
    name: 'Trend Micro as a browser draws the whole message and follows its links',
    source: 'gophish/gophish#2115; SendGrid, "Illegitimate (non-human) click and open engagement"',
    hits: [
      open(15, machine(perfectChrome, 'machine', 'unknown')),
      ...sweep(16, { count: 12, seconds: 4 }, machine(perfectChrome)),
      click(48, 3, machine(perfectChrome, 'machine', 'unknown')),
    ],
  }),
  scenario({
    name: 'Safe Links as an ordinary Chrome from Azure, all links at once',
    source: 'opencollective/opencollective#3656; gophish/gophish#973, #2446',
    hits: [...sweep(30, { count: 12, seconds: 1 }, machine(safeLinks))],
  }),
  scenario({
    name: 'Safe Links with several versions of Chrome, all links at once',
    source: 'gophish/gophish#2446: three versions, always Windows 10',
    hits: Array.from({ length: 12 }, (_, link) =>
      click(30 + link / 10, link, machine(browser(agents.SAFE_LINKS_OTHERS[link % 3] ?? '', AZURE))),
    ),
  }),
  scenario({
    name: 'Safe Links without an agent asks by HEAD, then by GET',
    source: 'SergeyMosin/Appointments#293',
    hits: [click(14, 1, machine(nameless), 'HEAD'), click(14.3, 1, machine(nameless, 'machine', 'unknown'))],
  }),
  scenario({
    name: 'Safe Links follows one link two seconds after the message was accepted, and names no language',
    source: 'gophish/gophish#2115: clicked at once, at four in the morning',
    hits: [click(2, 5, machine(safeLinks))],
  }),
  scenario({
    name: 'Safe Links follows one link three seconds after, in all else like a person',
    source: 'hummingdeck.com, "Why your deck analytics are wrong": real browsers, even phones',
    hits: [click(3, 5, machine(perfectChrome, 'machine', 'unknown'))],
  }),
  scenario({
    name: 'a link checker poses as Chrome, hours later, and knows neither languages nor pages',
    source:
      'JayBizzle/Crawler-Detect#552: names are easily borrowed; what HTTP libraries send is not what browsers do',
    hits: [click(9_000, 2, machine(program(agents.WINDOWS_CHROME, FILTER)))],
  }),
  scenario({
    name: 'Bing previews for Outlook.com some minutes later',
    source: 'phpList/phplist3#415',
    hits: [click(240, 0, machine(program(agents.BING_PREVIEW, '65.52.110.0/24')))],
  }),
  scenario({
    name: 'a filter looks before it accepts the message',
    source: 'gophish/gophish#2446: clicked before the message is in the mailbox',
    hits: [...sweep(-2, { count: 12, seconds: 1 }, machine(gateway)), click(-0.5, 3, machine(gateway))],
  }),
  scenario({
    name: 'a filter looks at one link before it accepts the message',
    source: 'the same, of a message with one link that matters',
    hits: [click(-1, 3, machine(gateway, 'machine', 'unknown'))],
  }),
  scenario({
    name: 'V57: all twelve links within two seconds, then a person an hour later',
    source: 'Arternal, "Clickthroughs triggered by email security scanners"',
    hits: [
      ...sweep(60, { count: 12, seconds: 2 }, machine(browser(agents.WINDOWS_CHROME, OFFICE))),
      click(3_660, 4, person(browser(agents.WINDOWS_CHROME, OFFICE))),
    ],
  }),
  scenario({
    name: 'a filter follows both links of a short issue',
    source: 'with two links no number says much',
    links: 2,
    hits: [...sweep(30, { count: 2, seconds: 0.5 }, machine(perfectChrome, 'machine', 'unknown'))],
  }),
  scenario({
    name: 'a filter follows the only link at once, and names no language',
    source: 'gophish/gophish#2115',
    links: 1,
    hits: [click(1, 0, machine(safeLinks))],
  }),
  scenario({
    name: 'a filter looks again the next night',
    source: 'Arternal: links are checked again when the message is opened',
    hits: [
      ...sweep(30, { count: 12, seconds: 2 }, machine(perfectChrome)),
      ...sweep(61_000, { count: 12, seconds: 3 }, machine(perfectChrome)),
    ],
  }),
  scenario({
    name: 'a scanner walks into the honeypot among two other links',
    source: 'suped.com on honeypot links; it follows what no person sees',
    hits: [
      click(20, 2, machine(perfectChrome)),
      trap(31, machine(perfectChrome)),
      click(45, 7, machine(perfectChrome)),
    ],
  }),
  scenario({
    name: 'a scanner in the honeypot, the reader at home at the same time',
    source: 'the same; another network is another person',
    hits: [trap(31, machine(perfectChrome)), click(40, 1, person(reader))],
  }),
  scenario({
    name: 'a scanner of the company in the honeypot, the reader behind it an hour later',
    source: 'the same; filters on the premises share the way out with the staff',
    hits: [trap(31, machine(gateway)), click(3_700, 1, person(colleague))],
  }),
  scenario({
    name: 'a security tool follows every link in a real browser with random pauses',
    source: 'Paminga on scanners with real browsers and random delays',
    hits: Array.from({ length: 12 }, (_, link) =>
      click(40 + link * 71 + (link % 5) * 17, link, machine(perfectChrome, 'unknown')),
    ),
  }),
  scenario({
    name: 'a security tool follows three links in a real browser with random pauses: nobody can know',
    source: 'the same; counted against the rules below',
    hits: [40, 95, 310].map((after, index) =>
      click(after, index * 3, machine(perfectChrome, 'person', 'unknown')),
    ),
  }),
  scenario({
    name: 'a person clicks, a scanner follows from elsewhere twelve seconds later: nobody can know',
    source: 'resend/resend-node#901: another network, another system, the same link',
    hits: [
      click(900, 2, person(browser(agents.MAC_SAFARI, HOME))),
      click(912, 2, machine(browser(agents.WINDOWS_CHROME, '168.90.91.0/24'), 'person', 'unknown')),
    ],
  }),
]
