/** What Hono's context carries here: Node's own request, whose pages these are, and from where it was asked. */

import type { HttpBindings } from '@hono/node-server'
import type { FaceOf } from './face.js'

export interface WebEnv {
  Bindings: HttpBindings
  Variables: {
    readonly face: FaceOf
    /** IP address; undefined when it is not known. */
    readonly client: string | undefined
  }
}
