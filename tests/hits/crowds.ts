/** Many recipients of one Send behind one network. */

import * as agents from './agents.js'
import { browser, click, machine, open, person, program, type Scenario, scenario } from './scenario.js'

const OFFICE = '203.0.113.0/24'
const DESKTOPS = [agents.WINDOWS_EDGE, agents.WINDOWS_CHROME, agents.WINDOWS_FIREFOX, agents.MAC_SAFARI]

/** A company whose machines are all set up alike. */
const alike = browser(agents.WINDOWS_EDGE, OFFICE)
const gateway = program(agents.WINDOWS_CHROME, OFFICE)
const perfectGateway = browser(agents.WINDOWS_CHROME, OFFICE)

const NAT = 'suped.com on clicks that share a network; one company, one way out'
const SENDGRID = 'SendGrid, "Illegitimate (non-human) click and open engagement": one address, many clicks'

function sixty<T>(make: (index: number) => T): T[] {
  return Array.from({ length: 60 }, (_, index) => make(index))
}

export const CROWDS: readonly Scenario[] = [
  scenario({
    name: 'sixty people of a company read within minutes, with different browsers',
    source: NAT,
    deliveries: sixty((index) => {
      const who = browser((DESKTOPS[index % 4] ?? '').replace('126.0.0.0', `${100 + index}.0.0.0`), OFFICE)
      return [open(600 + index * 5, person(who)), click(630 + index * 5, index % 12, person(who))]
    }),
  }),
  scenario({
    name: 'sixty people of a company read within minutes, with the same browser',
    source: NAT,
    deliveries: sixty((index) => [
      open(600 + index * 5, person(alike)),
      click(630 + index * 5, index % 12, person(alike)),
    ]),
  }),
  scenario({
    name: 'sixty people of a company read in the same minute, with the same browser',
    source: `${NAT}; a message that was announced`,
    deliveries: sixty((index) => [
      open(600 + index * 0.4, person(alike, 'person', 'unknown')),
      click(625 + index * 0.4, index % 12, person(alike, 'person', 'unknown')),
    ]),
  }),
  scenario({
    name: 'a gateway follows one link of sixty messages in a minute, and names no language',
    source: SENDGRID,
    deliveries: sixty((index) => [click(30 + index * 0.3, 0, machine(gateway))]),
  }),
  scenario({
    name: 'a gateway follows one link of sixty messages at once, like a person in all else',
    source: SENDGRID,
    deliveries: sixty((index) => [click(2 + index * 0.02, 0, machine(perfectGateway))]),
  }),
  scenario({
    name: 'a gateway draws sixty messages in a minute, some minutes after they came',
    source: SENDGRID,
    deliveries: sixty((index) => [open(300 + index * 0.3, machine(perfectGateway, 'machine', 'unknown'))]),
  }),
  scenario({
    name: 'a gateway follows all links of sixty messages, and one person clicks an hour later',
    source: SENDGRID,
    deliveries: sixty((index) => [
      ...Array.from({ length: 12 }, (_, link) => click(20 + index + link * 0.1, link, machine(gateway))),
      ...(index === 7 ? [click(3_620, 2, person(alike))] : []),
    ]),
  }),
]
