/** What Hono's context carries here: Node's own request, for the client's address. */

import type { HttpBindings } from '@hono/node-server'

export interface WebEnv {
  Bindings: HttpBindings
}
