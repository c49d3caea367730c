/**
 * How a mail program shows a mail in a Mode, and a browser the web page. Modes combine as programs do: Outlook on Windows
 * reads no dark styles and darkens in full; where there is no style sheet, dark as written is as light.
 */

import type { Mode } from '../api.js'
import { stripStyles } from './bare.js'
import { darkenByForce, darkenedGround } from './forced-dark.js'
import { addFrameHead, type Surroundings, usualGround } from './frame-head.js'
import { depthOf } from './markup.js'
import { type Pictures, placePictures } from './pictures.js'
import { chooseScheme, isDarkAware } from './scheme.js'
import { still } from './still.js'
import { openForWord } from './word.js'

/** Longer or deeper ones would hold up the studio; no mail program shows them whole. */
const MAX_LENGTH = 3_000_000
const MAX_DEPTH = 2_000
const NOT_SIMULATED = 'Too long, or nested too deep, to be simulated: this is the mail as it is written.'

/** Whole HTML for a frame. `find`: where a picture lies here, null for those of elsewhere, which are never loaded. */
export function showMail(html: string, mode: Mode, find: Pictures['find']): string {
  const pictures = { find, areOff: mode.images === 'off' }
  const stilled = still(html)
  if (needsTree(mode) && !isOrdinary(stilled))
    return showAsWritten(stilled, 'light', pictures, { note: NOT_SIMULATED })
  const light = lightOf(mode)
  const built = buildFor(mode.engine, stilled)
  // The usual engine is this browser's own.
  const around = { margin: mode.engine === 'usual' ? 'browser' : 'none' } as const
  if (light === 'light' || light === 'dark') return showAsWritten(built, light, pictures, around)
  // What its dark styles ask for is answered first: Gmail, which darkens by force, reads none. Outlook.com reads them as well.
  const darkened = darkenByForce(chooseScheme(built, 'light'), light)
  return addFrameHead(placePictures(darkened, pictures), darkenedGround(light), around)
}

/** Browsers have one engine, and force nothing upon a page. */
export function showPage(html: string, { light, images }: Mode, find: Pictures['find']): string {
  return showAsWritten(still(html), light === 'light' ? 'light' : 'dark', { find, areOff: images === 'off' })
}

function showAsWritten(
  html: string,
  scheme: 'light' | 'dark',
  pictures: Pictures,
  around: Surroundings = {},
): string {
  const ground = usualGround(scheme === 'dark' && isDarkAware(html) ? 'dark' : 'light')
  return addFrameHead(placePictures(chooseScheme(html, scheme), pictures), ground, around)
}

/** What is no more than text to the other modes is read as a document. */
function needsTree({ light, engine }: Mode): boolean {
  return engine !== 'usual' || light === 'partly' || light === 'fully'
}

function isOrdinary(html: string): boolean {
  return html.length <= MAX_LENGTH && depthOf(html) <= MAX_DEPTH
}

function lightOf({ light, engine }: Mode): Mode['light'] {
  if (light === 'light' || engine === 'usual') return light
  if (engine === 'word') return 'fully'
  return light === 'dark' ? 'light' : light
}

function buildFor(engine: Mode['engine'], html: string): string {
  switch (engine) {
    case 'usual':
      return html
    case 'bare':
      return stripStyles(html)
    case 'word':
      return openForWord(html)
  }
}
