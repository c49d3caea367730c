/**
 * Links to the Issue's own web page. Nothing stands there before a Send has published it, so those of a test lead one step
 * below, to a page that says so, or on to the Issue's once it is there.
 */

import type { CompiledIssue, Holed } from '../../compile/compiled.js'
import { pageUrl } from '../../compile/media.js'
import { changeRuns } from './runs.js'

/** The address, where it does not go on: to a page below it, or as the longer name of another Issue. */
const ENDS_HERE = `(?![/%\\w~-]|[.!*'()]+[%\\w])`

export function pointToTestPage(
  part: Holed,
  { publication, slug }: Pick<CompiledIssue, 'publication' | 'slug'>,
): Holed {
  const url = pageUrl(publication.publicUrl, slug)
  const links = new RegExp(url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') + ENDS_HERE, 'g')
  return changeRuns(part, (run) => run.replace(links, () => `${url}/test`))
}
