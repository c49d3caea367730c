/** Whoever passes a form is a person, whatever else is seen of him. */

import * as agents from './agents.js'
import {
  browser,
  click,
  form,
  leave,
  machine,
  oneClick,
  open,
  person,
  program,
  type Scenario,
  scenario,
  sweep,
  trap,
  withHeaders,
} from './scenario.js'

const HOME = '198.51.100.0/24'
const OFFICE = '203.0.113.0/24'
const AZURE = '40.94.16.0/24'

const reader = browser(agents.WINDOWS_CHROME, HOME)
const colleague = browser(agents.WINDOWS_EDGE, OFFICE)
const gateway = program(agents.WINDOWS_CHROME, OFFICE)
const safeLinks = program(agents.SAFE_LINKS, AZURE)
const lynx = browser(agents.LYNX, HOME)
const curl = program('curl/8.5.0', HOME)

const RULE = 'RFC 8058: only a POST acts; a scanner follows links'

export const FORMS: readonly Scenario[] = [
  scenario({
    name: 'a quick hand clicks five links within two seconds and then saves the preferences',
    source: RULE,
    hits: [
      ...sweep(900, { count: 5, seconds: 2 }, person(reader, 'person', 'unknown')),
      form(960, person(reader)),
    ],
  }),
  scenario({
    name: 'a text-mode reader falls into the honeypot, clicks, and saves the preferences',
    source: `${RULE}; hidden is what a style sheet hides`,
    hits: [
      click(880, 2, person(lynx, 'person', 'unknown')),
      trap(900, person(lynx, 'unknown')),
      form(960, person(lynx)),
    ],
  }),
  scenario({
    name: "the one click of Gmail, from Google's servers",
    source: 'RFC 8058; support.google.com/mail/answer/81126',
    hits: [
      open(900, person(program(agents.GOOGLE_PROXY, '66.249.93.0/24'))),
      oneClick(930, person(program('Gmail Unsubscribe', '66.249.93.0/24'))),
    ],
  }),
  scenario({
    name: 'a one click without any agent, by the servers that scanned before',
    source: 'RFC 8058; Notifuse/notifuse#136: the provider’s backend asks',
    hits: [
      ...sweep(20, { count: 12, seconds: 2 }, machine(program('', AZURE))),
      oneClick(930, person(program('', AZURE))),
    ],
  }),
  scenario({
    name: 'a scanner that looks like a browser follows every link and the honeypot, and then the one click too',
    source: 'RFC 8058, section 3.2: a mail receiver makes the POST, and so can any program',
    hits: [
      ...sweep(900, { count: 12, seconds: 2 }, machine(reader)),
      trap(903, machine(reader)),
      oneClick(904, machine(reader, 'unknown')),
    ],
  }),
  scenario({
    name: 'a scan by the gateway, and a person of the same company who leaves by one click of the mail program',
    source: 'RFC 8058, section 3.2: a mail receiver makes the POST',
    hits: [
      ...sweep(20, { count: 12, seconds: 2 }, machine(gateway)),
      click(400, 3, person(colleague)),
      oneClick(430, person(colleague)),
    ],
  }),
  scenario({
    name: 'a form after a scan of all links from elsewhere',
    source: RULE,
    hits: [
      ...sweep(20, { count: 12, seconds: 2 }, machine(safeLinks)),
      click(900, 3, person(reader)),
      form(960, person(reader)),
    ],
  }),
  scenario({
    name: 'a form minutes after a scan by the gateway of the same company',
    source: RULE,
    hits: [
      ...sweep(20, { count: 12, seconds: 2 }, machine(gateway)),
      trap(23, machine(gateway)),
      click(400, 3, person(colleague)),
      leave(430, person(colleague)),
    ],
  }),
  scenario({
    name: 'a form within the scan of the gateway: the person was quick',
    source: RULE,
    hits: [
      trap(23, machine(gateway)),
      click(40, 3, person(colleague, 'person', 'unknown')),
      form(55, person(colleague)),
    ],
  }),
  scenario({
    name: 'somebody who does everything by curl',
    source: RULE,
    hits: [click(900, 2, person(curl, 'person', 'unknown')), form(930, person(curl))],
  }),
  scenario({
    name: 'somebody leaves three seconds after the message was accepted',
    source: RULE,
    hits: [open(2, person(reader, 'person', 'unknown')), leave(3, person(reader))],
  }),
  scenario({
    name: 'the browser of somebody who passes a form has prefetched before',
    source: 'MDN, Sec-Purpose; a page that was prefetched may be the one that is read',
    hits: [
      click(900, 2, machine(withHeaders(reader, { 'sec-purpose': 'prefetch' }), 'machine', 'unknown')),
      form(930, person(reader)),
    ],
  }),
  scenario({
    name: 'a honeypot hit by a scanner, an hour later the person with a form',
    source: RULE,
    hits: [
      trap(30, machine(gateway)),
      click(35, 1, machine(gateway)),
      open(3_600, person(colleague)),
      click(3_640, 1, person(colleague)),
      form(3_700, person(colleague)),
    ],
  }),
]
