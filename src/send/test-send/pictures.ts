/**
 * Pictures that travel in a test's Message (RFC 2387, RFC 2392): nothing serves them at their address before a Send has pinned
 * them, and a test writes nothing down.
 */

import type { Compilation, Holed } from '../../compile/compiled.js'
import { IMAGE_TYPES } from '../../compile/image-types.js'
import type { Frame } from '../frame.js'
import { plainRun } from '../splice.js'
import { changeRuns } from './runs.js'

const MAX_LINE = 76

interface Picture {
  readonly url: string
  /** Without brackets. */
  readonly contentId: string
  readonly type: string
  readonly bytes: Uint8Array
}

/** Those that the HTML shows. */
export function findPictures({ compiled, imageBytes }: Compilation): readonly Picture[] {
  const runs = staticRuns(compiled.html)
  return compiled.images.flatMap(({ sha256, ext }) => {
    const url = `${compiled.publication.publicUrl}/i/${sha256}.${ext}`
    const bytes = imageBytes.get(sha256)
    if (bytes === undefined || !runs.some((run) => run.includes(url))) return []
    return [{ url, contentId: `${sha256.slice(0, 32)}@test.invalid`, type: IMAGE_TYPES[ext], bytes }]
  })
}

/** The HTML, which shows them from within its Message. */
export function pointInside(html: Holed, pictures: readonly Picture[]): Holed {
  return changeRuns(html, (run) =>
    pictures.reduce((changed, { url, contentId }) => changed.replaceAll(url, `cid:${contentId}`), run),
  )
}

/** The frame of a Message whose HTML part is followed by them. */
export function framePictures(frame: Frame, pictures: readonly Picture[]): Frame {
  if (pictures.length === 0) return frame
  const between = frame.between.bytes.toString('latin1')
  // What stands between the parts is a delimiter line, then the head of the second one.
  const [, delimiter = '', head = ''] = /^(\r\n--[^\r\n]+\r\n)([\s\S]*)$/.exec(between) ?? []
  const boundary = `${delimiter.trim().slice('--'.length)}_pictures`
  const related = `Content-Type: multipart/related; type="text/html"; boundary="${boundary}"\r\n\r\n--${boundary}\r\n`
  const parts = pictures.map((picture) => `\r\n--${boundary}\r\n${writePicture(picture)}`)
  return {
    before: frame.before,
    between: plainRun(`${delimiter}${related}${head}`),
    after: plainRun(`${parts.join('')}\r\n--${boundary}--\r\n${frame.after.bytes.toString('latin1')}`),
  }
}

function writePicture({ type, contentId, bytes }: Picture): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(new RegExp(`.{1,${MAX_LINE}}`, 'g')) ?? []
  return [
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    `Content-ID: <${contentId}>`,
    'Content-Disposition: inline',
    '',
    ...lines,
  ].join('\r\n')
}

function staticRuns(html: Holed): readonly string[] {
  return html.flatMap((piece): readonly string[] => {
    if (typeof piece === 'string') return [piece]
    return piece.kind === 'choice' ? staticRuns([...piece.present, ...piece.absent]) : []
  })
}
