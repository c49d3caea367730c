/** Notifying: the worker that sends Notices, put together with what Sends use too: relays, signer, gate. */

import { startNotify } from '../../workers/notify.js'
import { compileNoticeApart } from '../compile/compile-process.js'
import type { CompiledNotice, NoticeInput } from '../compile/notice.js'
import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import { PLAIN_BRAND } from '../issue/brand-file.js'
import type { Publication } from '../issue/publication.js'
import type { Log } from '../log.js'
import type { NoticeSender } from '../send/notice/message.js'
import { keepPreparedNotices } from '../send/notice/prepared-notices.js'
import type { Relays } from '../send/relays.js'
import type { StoreGate } from '../send/store-gate.js'
import { readReplyTimeout } from '../smtp/smtp-urls.js'
import type { WireMessage } from '../smtp/transport.js'
import { LOCAL_FROM } from './local-from.js'
import type { Owner } from './owner.js'
import type { Store } from './store.js'

export interface Notifying {
  readonly config: Config
  readonly log: Log
  readonly store: Store
  readonly owner: Owner
  readonly publication: () => Promise<Publication | null>
  readonly publicUrl: () => Promise<string>
  readonly relays: Relays
  readonly sign: (message: WireMessage) => Promise<WireMessage>
  readonly gate: StoreGate
  /** False: nothing may be sent for now, since the database may be a copy. */
  readonly isOpen: () => boolean
  /** Aborted at shutdown. */
  readonly stop: AbortSignal
}

export function startNotifying({
  config,
  log,
  store,
  owner,
  publication,
  publicUrl,
  relays,
  sign,
  gate,
  isOpen,
  stop,
}: Notifying) {
  const { db, keys, now } = store
  const prepared = keepPreparedNotices({
    face: async () =>
      (await publication()) ?? { name: LOCAL_FROM.name, postalAddress: [], brand: PLAIN_BRAND },
    compile: (wanted) => compile(wanted, { config, log }),
  })
  return startNotify({
    context: {
      query: db.query,
      keys,
      owner: owner.name,
      now,
      retry: { scheduleMs: config.retryScheduleMs, random: Math.random },
      relays,
      gate,
      prepared,
      sign,
      log,
      stop,
      isDead: owner.isDead,
      wireTimeoutMs: readReplyTimeout(config.smtpUrl),
    },
    sender: () => senderOf(config, { publication, publicUrl }),
    isOpen: () => isOpen() && gate.isOpen() && relays.isOpen(),
    log,
  })
}

/** No guess where a guess can hurt: with a real transport the publication has to say whom it is from. */
async function senderOf(
  { smtpUrl }: Config,
  { publication, publicUrl }: Pick<Notifying, 'publication' | 'publicUrl'>,
): Promise<NoticeSender | null> {
  const known = await publication()
  const from = known?.from ?? (smtpUrl === null ? LOCAL_FROM : null)
  return from && { from, replyTo: known?.replyTo ?? null, publicUrl: await publicUrl() }
}

async function compile(
  wanted: Omit<NoticeInput, 'root'>,
  { config, log }: { readonly config: Config; readonly log: Log },
): Promise<CompiledNotice> {
  const { notice, problems } = await compileNoticeApart({ ...wanted, root: config.root })
  if (problems.length > 0)
    log.warn(
      { problems: new InputError(problems).message },
      'templates/notice can not be used; the one that comes with Pressrun is',
    )
  return notice
}
