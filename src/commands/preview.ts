/** `pressrun preview`: the studio, until it is told to end. */

import { type RunningStudio, startStudio } from '../app/studio.js'
import type { Config } from '../config.js'
import type { Log } from '../log.js'
import { newIssue } from './new-issue.js'
import { compileFor, drawFor } from './prepare.js'

export function openPreview(config: Config, log: Log): Promise<RunningStudio> {
  return startStudio(config, {
    log,
    draw: (slug) => drawFor(config, slug),
    check: (slug) => compileFor(config, slug),
    newIssue: ({ title, date }) =>
      newIssue({ root: config.root, title, date, template: null, now: new Date() }),
  })
}
