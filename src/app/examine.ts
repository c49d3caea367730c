/** Examines a root before a live Send: asks DNS, relays, web and servers, and has what they said judged. Sends nothing. */

import type { Config } from '../config.js'
import { judgeClocks } from '../doctor/clock.js'
import { type CheckName, type Finding, findingsOf } from '../doctor/finding.js'
import { judgeDatabase, judgeDisk, judgeRedisState, judgeSecret } from '../doctor/machine.js'
import { type Examination, isSound } from '../doctor/print.js'
import { InputError } from '../errors.js'
import type { Publication } from '../issue/publication.js'
import { readPublication } from '../issue/read.js'
import type { Keys } from '../link/token.js'
import { readPace } from '../send/pace/limit.js'
import { type Announcement, findEngine } from './announcement.js'
import { examineWayBack } from './bounces.js'
import { examineDatabase, examineRedis } from './examine-machine.js'
import { examineRelays, examineSender, examineSite, type WorldContext } from './examine-world.js'
import { freeBytesIn } from './store-watch.js'

export interface ExamineContext extends WorldContext {
  /** Bytes free where `.data` lies; asked of the disk unless given. */
  readonly freeBytes?: () => Promise<number>
}

/** What can be said as a finding is not thrown. */
export async function examine(config: Config, context: ExamineContext): Promise<Examination> {
  const { now, freeBytes = () => freeBytesIn(config.dataDir) } = context
  const engine = findEngine(config)
  const publication = await readPublicationOr(config.root)
  const database = await examineDatabase(config, now)
  const [redis, world] = await Promise.all([
    examineRedis(config, { engine, now }),
    config.smtpUrl === null
      ? { findings: localFindings(config, publication), clock: null }
      : examineWorld(config, { ...context, publication, engine, keys: database.keys }),
  ])
  const clocks = [database.clock, redis.clock, world.clock].filter((clock) => clock !== null)
  const findings = [
    ...world.findings,
    ...judgePace(config),
    ...judgeClocks(clocks),
    judgeRedisState(redis.state),
    judgeDatabase(database.state),
    judgeSecret(database.secretProblem),
    judgeDisk({ freeBytes: await freeBytes(), minFreeBytes: config.minFreeDiskBytes }),
  ]
  const isLive = config.smtpUrl !== null
  return { isLive, isReady: isLive && isSound(findings), findings }
}

/** Nothing when there is nothing to read. */
function judgePace({ pace }: Config): readonly Finding[] {
  if (pace === '') return []
  try {
    readPace(pace)
    return [findingsOf('pace').ok('the limits in PACE can be read')]
  } catch (error) {
    if (error instanceof InputError) return [findingsOf('pace').error(error.message)]
    throw error
  }
}

async function readPublicationOr(root: string): Promise<Publication | InputError> {
  try {
    return await readPublication(root)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}

interface LiveContext extends WorldContext {
  readonly publication: Publication | InputError
  readonly engine: Announcement | null
  readonly keys: Keys | null
}

/** What is out there: only of interest when messages go there. */
async function examineWorld(config: Config, { publication, engine, keys, ...context }: LiveContext) {
  const said = publication instanceof InputError ? null : publication.publicUrl
  const [sender, relays, site] = await Promise.all([
    publication instanceof InputError
      ? [findingsOf('from').error(publication.message)]
      : examineSender(config, { publication, ...context }),
    examineRelays(config, context),
    examineSite(config, { publicUrl: config.publicUrl ?? said, keys, engine, ...context }),
  ])
  return { findings: [...sender, examineWayBack(config), ...relays, ...site.findings], clock: site.clock }
}

/** Without SMTP_URL nothing leaves this machine, and the world is not asked. */
function localFindings(config: Config, publication: Publication | InputError): readonly Finding[] {
  if (publication instanceof InputError) return [findingsOf('from').error(publication.message)]
  const needs = (check: CheckName, what: string) => findingsOf(check).note(`a live Send needs ${what}`)
  return [
    ...(publication.from === null
      ? [needs('from', 'from: Name <address@example.org> in issues/newsletter.yaml')]
      : []),
    needs('spf', 'SPF, DKIM, DMARC and MX records; they are looked at as soon as SMTP_URL is set'),
    needs('relay', 'SMTP_URL; without it messages stay in the inbox of this machine'),
    ...(config.publicUrl === null && publication.publicUrl === null
      ? [needs('web', 'PUBLIC_URL, an https URL that leads to the engine from everywhere')]
      : []),
    ...(config.secrets === null
      ? [needs('secret', 'PRESSRUN_SECRET; for local use one is made in .data')]
      : []),
  ]
}
