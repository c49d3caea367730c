/** `/icon.svg`: the publication's initial on its accent, for tabs and bookmarks. */

import { Hono } from 'hono'
import { directionOf } from '../../issue/language.js'
import { answerCached } from '../cached.js'
import type { WebEnv } from '../env.js'
import type { FaceOf } from '../face.js'
import { missingPage } from '../failure.js'
import { type Face, html } from '../page.js'

const MAX_AGE_S = 86_400

export function iconRoutes({ face }: { readonly face: FaceOf }): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/icon.svg', async (c) => {
    const known = await face()
    if (known === null) return missingPage(c, 'missing')
    return answerCached(c, { body: writeIcon(known), type: 'image/svg+xml', maxAgeS: MAX_AGE_S })
  })
}

function writeIcon({ name, lang, accent }: Face): string {
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" role="img" aria-label="${name}">
<rect width="32" height="32" rx="4" fill="${accent}"/>
<text x="16" y="23" text-anchor="middle" font-family="Georgia, serif" font-size="21" font-weight="700" fill="#ffffff" direction="${directionOf(lang)}">${initialOf(name)}</text>
</svg>
`.html
}

/** The first letter that is no article's: "The Harbour Brief" is known by its H. */
function initialOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const [first = ''] = words.length > 1 ? words.filter((word) => !ARTICLE.test(word)) : words
  return (/[\p{L}\p{N}]\p{M}*/u.exec(first || name)?.[0] ?? '').toUpperCase()
}

const ARTICLE = /^(?:the|an?|der|die|das|le|la|les|el|los|las)$/i
