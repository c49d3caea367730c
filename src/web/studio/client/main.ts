/** The studio's page: what is at this address, and everything that follows a change of it. */

import { ask } from './ask.js'
import { fill, make } from './dom.js'
import { openLive } from './live.js'

const studio = document.querySelector('#studio')
const [, folder, slug = ''] = location.pathname.split('/')
if (studio !== null) await show(studio)

async function show(place: Element): Promise<void> {
  if (folder !== 'issues') {
    const issues = await ask<readonly { readonly slug: string }[]>('/api/issues')
    fill(
      place,
      make(
        'ul',
        {},
        ...issues.map((one) => make('li', {}, make('a', { href: `/issues/${one.slug}` }, one.slug))),
      ),
    )
    return
  }
  const frame = make('iframe', {
    sandbox: 'allow-same-origin',
    title: 'The mail',
    src: `/frame/${slug}/mail`,
  })
  openLive().on('draft', ({ draft }) => {
    if (draft.slug === decodeURIComponent(slug)) frame.src = `/frame/${slug}/mail?v=${draft.version}`
  })
  fill(place, frame)
}
