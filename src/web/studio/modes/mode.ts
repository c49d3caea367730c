/** A Mode as the query of a frame writes it: `light=dark&images=off&engine=word`. What is not known is the usual. */

import type { Mode } from '../api.js'

const LIGHTS = ['light', 'dark', 'partly', 'fully'] as const
const IMAGES = ['on', 'off'] as const
const ENGINES = ['usual', 'bare', 'word'] as const

export function readMode(query: (name: string) => string | undefined): Mode {
  return {
    light: oneOf(LIGHTS, query('light')),
    images: oneOf(IMAGES, query('images')),
    engine: oneOf(ENGINES, query('engine')),
  }
}

function oneOf<const T extends string>(known: readonly [T, ...T[]], given: string | undefined): T {
  return known.find((one) => one === given) ?? known[0]
}
