/** What comes back: the worker with its mailboxes, and the listener for the return path, put together and taken apart. */

import { type RunningBounces, startBounces } from '../../workers/bounces.js'
import { parseAddress } from '../address.js'
import type { Config } from '../config.js'
import { probeCommit } from '../db/probe-commit.js'
import { judgeWayBack } from '../doctor/coming-back.js'
import type { Finding } from '../doctor/finding.js'
import { InputError, messageOf } from '../errors.js'
import { type Keys, verifyToken } from '../link/token.js'
import type { Log } from '../log.js'
import { isPostmaster, tokenInAddress } from '../return-path.js'
import type { Mailbox } from '../smtp/mailbox.js'
import { readMailboxUrls } from '../smtp/mailbox-url.js'
import { openMailbox } from '../smtp/open-mailbox.js'
import { openReturnListener } from '../smtp/return-listener.js'
import type { Store } from './store.js'

export interface ComingBack {
  readonly config: Config
  readonly store: Store
  readonly log: Log
  /** False: this may be a copy, and another takes what comes back. */
  readonly isOpen: () => boolean
  readonly readEveryMs?: number
  readonly guardEveryMs?: number
}

export interface RunningReturn {
  /** Where the listener is, `host:port`; null when there is none. */
  readonly listens: string | null
  close(): Promise<void>
}

/** Throws InputError for what can't be read in the configuration, or a port that can't be had. */
export async function startComingBack({
  config,
  store,
  log,
  isOpen,
  ...pace
}: ComingBack): Promise<RunningReturn> {
  const mailboxes = openMailboxes(config)
  const { db, keys, now } = store
  const rules = { softBounces: config.softBounces }
  const probe = () => probeCommit(db.query, now)
  const worker = startBounces({ db, keys, rules, mailboxes, isOpen, probe, log, now, ...pace })
  try {
    const listener = await listen(config, { keys, worker, isOpen, log })
    const listens =
      listener && `${listener.host.includes(':') ? `[${listener.host}]` : listener.host}:${listener.port}`
    if (listens !== null) log.info({ listens }, 'the return path is listened to')
    return {
      listens,
      async close() {
        await listener?.close()
        await worker.close()
      },
    }
  } catch (error) {
    await worker.close()
    throw error
  }
}

/** Opens no connection. Throws InputError. */
function openMailboxes({ bounces }: Pick<Config, 'bounces'>): readonly Mailbox[] {
  return bounces === null ? [] : readMailboxUrls(bounces).map(openMailbox)
}

async function listen(
  { bouncesListen, returnPath, complaints }: Config,
  {
    keys,
    worker,
    isOpen,
    log,
  }: {
    readonly keys: Keys
    readonly worker: RunningBounces
    readonly isOpen: () => boolean
    readonly log: Log
  },
) {
  if (bouncesListen === null) return null
  if (returnPath === null && complaints === null)
    throw new InputError(
      'BOUNCES_LISTEN: nothing would be accepted there; set RETURN_PATH, a pattern like bounces+*@example.com, too',
    )
  const isOurs = (domain: string | null) =>
    domain !== null && (domain === returnPath?.domain || domain === domainOf(complaints ?? ''))
  const accepts = (address: string) => {
    if (isPostmaster(address)) return !address.includes('@') || isOurs(domainOf(address))
    const token = returnPath && tokenInAddress(returnPath, address)
    if (token !== null) return verifyToken(keys, 'return', token) !== null
    return complaints !== null && keyOf(address) === keyOf(complaints)
  }
  const { host, port } = bouncesListen
  try {
    return await openReturnListener({ host, port, accepts, isOpen, take: worker.take, log })
  } catch (error) {
    throw new InputError(`BOUNCES_LISTEN: cannot listen on ${host}:${port} (${messageOf(error)})`, {
      cause: error,
    })
  }
}

/** In A-labels; null where there is none. */
function domainOf(address: string): string | null {
  const parsed = parseAddress(address)
  return parsed.kind === 'address' ? parsed.domain : null
}

function keyOf(address: string): string | null {
  const parsed = parseAddress(address)
  return parsed.kind === 'address' ? parsed.key : null
}

/** For `pressrun doctor`. Opens nothing. */
export function examineWayBack(config: Config): Finding {
  const { returnPath, bouncesListen, complaints } = config
  return judgeWayBack({
    domain: returnPath?.domain ?? null,
    listens: bouncesListen && `${bouncesListen.host}:${bouncesListen.port}`,
    takesComplaints: complaints !== null,
    mailboxes: namesOrProblem(config),
  })
}

function namesOrProblem(config: Config): readonly string[] | string {
  try {
    return openMailboxes(config).map(({ name }) => name)
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
}
