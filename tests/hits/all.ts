/** Every Scenario. */

import { CROWDS } from './crowds.js'
import { FORMS } from './forms.js'
import { PEOPLE } from './people.js'
import { PROXIES } from './proxies.js'
import { REQUESTS } from './requests.js'
import { SCANNERS } from './scanners.js'
import type { Scenario } from './scenario.js'

export const SCENARIOS: readonly Scenario[] = [
  ...PROXIES,
  ...SCANNERS,
  ...REQUESTS,
  ...PEOPLE,
  ...CROWDS,
  ...FORMS,
]
