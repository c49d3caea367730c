/** Where the pictures of a mail lie here: its own parts, and those of ours that the issues or a Send have. All others: nowhere. */

import { readOurUrl } from './our-url.js'
import type { Part } from './parts.js'

const OURS = /\/i\/([0-9a-f]{64}\.(?:png|jpg|gif))/g

export interface PictureSource {
  readonly html: string
  readonly parts: readonly Part[]
  /** `/api/inbox/FOLDER/NUMBER` */
  readonly at: string
  /** By `SHA256.EXT`; null when nobody here has it. */
  readonly find: (file: string) => Promise<unknown>
}

/** As `showMail` asks for it. */
export async function placesOf({
  html,
  parts,
  at,
  find,
}: PictureSource): Promise<(url: string) => string | null> {
  const named = new Set([...html.matchAll(OURS)].map(([, file = '']) => file))
  const known = new Set<string>()
  for (const file of named) if ((await find(file)) !== null) known.add(file)

  return (written) => {
    const url = written.trim().replaceAll('&amp;', '&')
    const ours = readOurUrl(url)
    if (ours?.kind === 'image') return known.has(ours.file) ? `${at}/images/${ours.file}` : null
    if (!/^cid:/i.test(url)) return null
    const contentId = decode(url.slice('cid:'.length))
    const index = parts.findIndex((part) => part.contentId === contentId)
    return index === -1 ? null : `${at}/parts/${index}`
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
