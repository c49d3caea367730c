/**
 * User agents: what kind of program a name belongs to. isbot knows most machines by name; it also takes every short
 * name it does not know for one, which a mail program may bear: such a name is odd, and no more.
 */

import { createIsbotFromList, isbot, list } from 'isbot'

export type Agent = 'none' | 'image-proxy' | 'privacy-proxy' | 'mail-app' | 'bot' | 'odd' | 'browser'

/** Patterns of isbot that name nobody: they describe the form of an agent. */
const NAMELESS = /^\^(?:\[|\\w|\\d|mozilla)|^;/
const isNamedBot = createIsbotFromList(list.filter((pattern) => !NAMELESS.test(pattern)))

/** Filters that look through mail, and scripts, that isbot does not know by name. */
const OUR_BOTS =
  /barracuda|proofpoint|urldefense|mimecast|ironport|ciscosecureemail|\bTMES\b|\bforti(?:mail|guard)|fireeye|messagelabs|^(?:axios|undici|ruby)\b|PowerShell/i

/** Of mail providers that load pictures when the message is opened. */
const IMAGE_PROXY = /GoogleImageProxy|YahooMailProxy/
/** Mail programs whose names isbot does not know, or takes for a robot. */
const MAIL_APP =
  /^(?:Thunderbird|Outlook-(?:iOS|Android)|Airmail|Spark|Apple ?Mail|eM ?Client|K-9 ?Mail|FairEmail|Evolution|KMail|Postbox|Mailbird|The Bat)\b/i
/** Browsers that isbot takes for robots. */
const RARE_BROWSER = /^(?:NetSurf|Dillo|DuckDuckGo|YahooMobile)\/\d/

/** The same names come again and again, and isbot costs microseconds. */
const seen = new Map<string, Agent>()
const MOST_SEEN = 2_000

export function readAgent(userAgent: string): Agent {
  const known = seen.get(userAgent)
  if (known !== undefined) return known
  const agent = recognise(userAgent)
  if (seen.size >= MOST_SEEN) seen.clear()
  seen.set(userAgent, agent)
  return agent
}

function recognise(userAgent: string): Agent {
  if (userAgent === '') return 'none'
  if (IMAGE_PROXY.test(userAgent)) return 'image-proxy'
  if (userAgent === 'Mozilla/5.0') return 'privacy-proxy'
  if (MAIL_APP.test(userAgent)) return 'mail-app'
  if (RARE_BROWSER.test(userAgent)) return 'browser'
  if (OUR_BOTS.test(userAgent) || isNamedBot(userAgent)) return 'bot'
  return isbot(userAgent) ? 'odd' : 'browser'
}
