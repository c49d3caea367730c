/**
 * The commands by the file that tells commander about them. A command is loaded without those of other files: all of them
 * together take a second to load.
 */

import type { Command } from 'commander'

export interface Kind {
  /** First words of its commands. */
  readonly names: readonly string[]
  readonly add: (program: Command) => Promise<void>
}

/** In the order of the help. */
export const KINDS: readonly Kind[] = [
  { names: ['new'], add: async (program) => (await import('./cli-new.js')).addNewCommands(program) },
  { names: ['import'], add: async (program) => (await import('./cli-import.js')).addImportCommand(program) },
  {
    names: ['check', 'build'],
    add: async (program) => (await import('./cli-issue.js')).addIssueCommands(program),
  },
  {
    names: ['preview'],
    add: async (program) => (await import('./cli-preview.js')).addPreviewCommand(program),
  },
  { names: ['test'], add: async (program) => (await import('./cli-test.js')).addTestCommand(program) },
  {
    names: ['segment', 'lists'],
    add: async (program) => (await import('./cli-lists.js')).addListCommands(program),
  },
  {
    names: ['subscribers', 'imports', 'suppressions'],
    add: async (program) => (await import('./cli-subscribers.js')).addSubscriberCommands(program),
  },
  { names: ['bursts'], add: async (program) => (await import('./cli-bursts.js')).addBurstCommands(program) },
  { names: ['send'], add: async (program) => (await import('./cli-send.js')).addSendCommand(program) },
  {
    names: ['sends', 'status'],
    add: async (program) => (await import('./cli-status.js')).addStatusCommands(program),
  },
  {
    names: ['report', 'deliveries', 'verify'],
    add: async (program) => (await import('./cli-report.js')).addReportCommands(program),
  },
  { names: ['start'], add: async (program) => (await import('./cli-start.js')).addStartCommand(program) },
  {
    names: ['bounces'],
    add: async (program) => (await import('./cli-bounces.js')).addBouncesCommands(program),
  },
  {
    names: ['pause', 'resume', 'cancel', 'supersede', 'repeat'],
    add: async (program) => (await import('./cli-life.js')).addLifeCommands(program),
  },
  {
    names: ['correct'],
    add: async (program) => (await import('./cli-correct.js')).addCorrectCommand(program),
  },
  {
    names: ['comments'],
    add: async (program) => (await import('./cli-comments.js')).addCommentCommands(program),
  },
  {
    names: ['notices'],
    add: async (program) => (await import('./cli-notices.js')).addNoticeCommand(program),
  },
  {
    names: ['resolve', 'adopt'],
    add: async (program) => (await import('./cli-decide.js')).addDecisionCommands(program),
  },
  {
    names: ['reclassify', 'rebuild'],
    add: async (program) => (await import('./cli-numbers.js')).addNumberCommands(program),
  },
  { names: ['dkim'], add: async (program) => (await import('./cli-dkim.js')).addDkimCommands(program) },
  { names: ['doctor'], add: async (program) => (await import('./cli-doctor.js')).addDoctorCommand(program) },
  { names: ['demo'], add: async (program) => (await import('./cli-demo.js')).addDemoCommand(program) },
]

/** Those that have a command of that name; all where there is none, for the help and for what it is a slip of. */
export function kindsOf(name: string | undefined): readonly Kind[] {
  const kinds = KINDS.filter(({ names }) => name !== undefined && names.includes(name))
  return kinds.length > 0 ? kinds : KINDS
}
