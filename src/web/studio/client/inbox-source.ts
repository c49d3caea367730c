/** The bytes of a message as it came, as far as a page can show them, marks that turn writing around by name; the whole is there to keep. */

import type { InboxMessage } from '../inbox/api.js'
import { fill, make } from './dom.js'
import { sizeWords, writtenOut } from './inbox-words.js'

const SHOWN_BYTES = 200_000

export function sourceView({ folder, number, sizeBytes }: InboxMessage): HTMLElement {
  const at = `/api/inbox/${folder}/${number}/source`
  const text = make('pre', { class: 'raw', tabindex: '0', 'aria-label': 'Source' })
  void read(`${at}?bytes=${SHOWN_BYTES}`).then((source) => fill(text, writtenOut(source)))
  return make(
    'div',
    { class: 'sources' },
    make(
      'p',
      {},
      sizeBytes > SHOWN_BYTES ? `The first ${sizeWords(SHOWN_BYTES)} of ${sizeWords(sizeBytes)}. ` : null,
      make('a', { href: `${at}?keep`, download: `${folder}-${number}.eml` }, 'Keep it as a file'),
    ),
    text,
  )
}

async function read(at: string): Promise<string> {
  const response = await fetch(at)
  return response.ok ? response.text() : 'The studio did not give it; it may be gone.'
}
