/** Requests that say themselves that they are no visit: prefetches, HEADs, previews, scripts. */

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
  withHeaders,
} from './scenario.js'

const OFFICE = '203.0.113.0/24'
const HOME = '198.51.100.0/24'
const chrome = browser(agents.WINDOWS_CHROME, HOME)
const firefox = browser(agents.LINUX_FIREFOX, HOME)
const safari = browser(agents.MAC_SAFARI, HOME)
const outlook = program(agents.OUTLOOK_WINDOWS, OFFICE)

export const REQUESTS: readonly Scenario[] = [
  scenario({
    name: 'Chrome prefetches a link that the mouse is over, then the person clicks it',
    source: 'MDN, Sec-Purpose; Chromium sends Purpose too',
    hits: [
      click(900, 1, machine(withHeaders(chrome, { purpose: 'prefetch', 'sec-purpose': 'prefetch' }))),
      click(903, 1, person(chrome)),
    ],
  }),
  scenario({
    name: 'Chrome renders a page ahead',
    source: 'HTML standard, 7.6 speculative loading',
    hits: [click(900, 1, machine(withHeaders(chrome, { 'sec-purpose': 'prefetch;prerender' })))],
  }),
  scenario({
    name: 'Chrome prefetches every link of a webmail page, then the person clicks one',
    source: 'HTML standard, 7.6: rules of a document may name all its links',
    hits: [
      ...Array.from({ length: 12 }, (_, link) =>
        click(900 + link / 20, link, machine(withHeaders(chrome, { 'sec-purpose': 'prefetch' }))),
      ),
      click(901, 4, person(chrome)),
    ],
  }),
  scenario({
    name: 'an old Firefox prefetches',
    source: 'MDN: X-Moz before Sec-Purpose',
    hits: [click(900, 1, machine(withHeaders(firefox, { 'x-moz': 'prefetch' })))],
  }),
  scenario({
    name: 'Safari draws a preview of a page',
    source: 'WebKit sends X-Purpose: preview',
    hits: [click(900, 1, machine(withHeaders(safari, { 'x-purpose': 'preview' })))],
  }),
  scenario({
    name: 'Outlook asks by HEAD, then the browser of the person by GET',
    source: 'cesargb/laravel-magiclink#96',
    hits: [
      click(900, 0, machine(outlook), 'HEAD'),
      click(901, 0, person(browser(agents.WINDOWS_EDGE, OFFICE))),
    ],
  }),
  scenario({
    name: 'a proxy of the company asks by HEAD in the name of the browser, then the person comes',
    source: 'civicrm/civicrm-core#35328; jdavidbakr/mail-tracker#200',
    hits: [
      click(900, 0, machine(browser(agents.WINDOWS_EDGE, OFFICE)), 'HEAD'),
      click(900.4, 0, person(browser(agents.WINDOWS_EDGE, OFFICE))),
    ],
  }),
  scenario({
    name: 'a HEAD on the pixel',
    source: 'civicrm/civicrm-core#35328',
    hits: [open(900, machine(program('', OFFICE)), 'HEAD')],
  }),
  scenario({
    name: 'Office explores a server by OPTIONS',
    source: 'isbot: Microsoft Office Protocol Discovery',
    hits: [click(900, 0, machine(program('Microsoft Office Protocol Discovery', OFFICE)), 'OPTIONS')],
  }),
  ...agents.SCRIPTS.map((agent) =>
    scenario({
      name: `a script: ${agent}`,
      source: 'its own name',
      hits: [click(5_000, 1, machine(program(agent, HOME)))],
    }),
  ),
  ...Object.entries(agents.PREVIEWS).map(([app, agent]) =>
    scenario({
      name: `${app} draws a preview of a link that was passed on`,
      source: app === 'Slack' ? 'api.slack.com/robots' : 'dev.to, "URL unfurling"; the makers’ own names',
      hits: [click(7_000, 1, machine(program(agent, '192.0.2.0/24')))],
    }),
  ),
  scenario({
    name: 'a headless Chrome',
    source: 'Chromium’s own name for it',
    hits: [click(300, 1, machine(browser(agents.HEADLESS, '192.0.2.0/24')))],
  }),
  scenario({
    name: 'a click that says only Mozilla/5.0',
    source: "Apple's proxy loads pictures and follows no link",
    hits: [click(300, 1, machine(program('Mozilla/5.0', '192.0.2.0/24'), 'machine', 'unknown'))],
  }),
]
