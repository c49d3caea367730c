/** Lane: the receiving provider group of an address, set at freeze, so that no provider's slowness holds up another. */

const LANES: Readonly<Record<string, readonly string[]>> = {
  gmail: ['gmail.com', 'googlemail.com'],
  microsoft: [
    'hotmail.com',
    'hotmail.co.uk',
    'hotmail.de',
    'hotmail.es',
    'hotmail.fr',
    'hotmail.it',
    'live.co.uk',
    'live.com',
    'live.fr',
    'live.nl',
    'msn.com',
    'outlook.com',
    'outlook.de',
    'outlook.es',
    'outlook.fr',
    'outlook.jp',
    'passport.com',
  ],
  yahoo: [
    'aol.com',
    'rocketmail.com',
    'yahoo.ca',
    'yahoo.co.in',
    'yahoo.co.uk',
    'yahoo.com',
    'yahoo.com.br',
    'yahoo.de',
    'yahoo.es',
    'yahoo.fr',
    'yahoo.in',
    'yahoo.it',
    'ymail.com',
  ],
  apple: ['icloud.com', 'mac.com', 'me.com'],
  gmx: ['gmx.at', 'gmx.ch', 'gmx.com', 'gmx.de', 'gmx.net', 'mail.com', 'web.de'],
  proton: ['pm.me', 'proton.me', 'protonmail.ch', 'protonmail.com'],
}

/** Every lane there is. */
export const LANE_NAMES: readonly string[] = [...Object.keys(LANES), 'other']

const LANE_OF = new Map(
  Object.entries(LANES).flatMap(([lane, domains]) => domains.map((name) => [name, lane])),
)

/** `gmail`, `microsoft`, …, else `other`. The domain is lower-case. */
export function laneOf(domain: string): string {
  return LANE_OF.get(domain) ?? 'other'
}
