/** Media types of the pictures that an Issue may hold, by the ending that they are served under. */

import type { CompiledImage } from './compiled.js'

export const IMAGE_TYPES = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
} as const satisfies Readonly<Record<CompiledImage['ext'], string>>
