/** The studio's page: its parts, made and put in their places. */

import { isPlace, readAddress } from './address.js'
import { openDraft } from './draft.js'
import { openKeys } from './keys.js'
import { openLive } from './live.js'
import { openParts } from './parts.js'
import { addPlaceKeys } from './place-keys.js'
import { openShell } from './shell.js'
import { openStage } from './stage.js'
import { openStatus } from './status.js'
import { openStore } from './store.js'
import type { StudioPage } from './studio-page.js'
import { openTestSend } from './test-send.js'

const root = document.querySelector<HTMLElement>('#studio')
if (root !== null) open(root)

function open(studio: HTMLElement): void {
  const store = openStore()
  const live = openLive()
  const draft = openDraft(store, live)
  const status = openStatus(live)
  const keys = openKeys()
  const ground: Omit<StudioPage, 'onFrames'> = {
    store,
    live,
    draft,
    say: status.say,
    key: (key, what, act) => keys.add({ key, what, act }),
  }
  const stage = openStage(ground, keys)
  const page: StudioPage = { ...ground, onFrames: stage.onFrames }
  addPlaceKeys(page)
  openShell(studio, page, { keys, status, parts: openParts(page, stage.element) })
  studio.append(openTestSend(page))
  keys.listen(document)
  document.addEventListener('click', (event) => followInPlace(event, page))
  const { place } = store.get()
  live.watch(place.kind === 'issue' ? place.slug : null)
}

/** A link to a place of the studio changes the place, not the page; with Ctrl and the like it is a link as any other. */
function followInPlace(event: MouseEvent, { store }: StudioPage): void {
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!isPlain || event.defaultPrevented || link === null || link.target !== '') return
  const url = new URL(link.href)
  if (url.origin !== location.origin || !isPlace(url.pathname)) return
  event.preventDefault()
  const { place, ...rest } = readAddress(url)
  store.set(url.search === '' ? { place, compareWith: null } : { place, ...rest })
  scrollTo(0, 0)
}
