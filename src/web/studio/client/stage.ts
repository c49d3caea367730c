/** The stage: the picture for each reader, or the other truths, at the centre of an issue. */

import { fill, make } from './dom.js'
import { pictureUrl } from './picture-url.js'
import type { PlaceView, StudioPage } from './studio-page.js'

export interface Stage extends Pick<PlaceView, 'centre'> {
  onFrames: StudioPage['onFrames']
}

export function openStage({ store, draft }: Pick<StudioPage, 'store' | 'draft'>): Stage {
  const centre = make('div', { class: 'stage' })
  const listeners: ((frames: readonly HTMLIFrameElement[]) => void)[] = []
  const show = () => {
    const shown = draft.get()
    if (shown === null || shown.version === 0) return fill(centre)
    const frames = store.get().readers.map((reader) =>
      make('iframe', {
        sandbox: 'allow-same-origin',
        title: reader.label,
        src: pictureUrl(shown, store.get(), reader),
      }),
    )
    fill(centre, ...frames)
    for (const listener of listeners) listener(frames)
  }
  store.on(show)
  draft.on(show)
  return { centre, onFrames: (listener) => void listeners.push(listener) }
}
