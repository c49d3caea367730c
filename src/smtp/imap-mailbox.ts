/**
 * A mailbox of an IMAP server. What is on record and ours is marked as seen; what could not be taken is flagged; all else
 * stays unseen, for whoever reads there, and is not fetched again by this process.
 */

import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { ImapFlow } from 'imapflow'
import { readDeliveredTo } from './delivered-to.js'
import { MAX_MAIL_BYTES, type Mailbox, type TakeMail } from './mailbox.js'
import type { ServerSettings } from './mailbox-url.js'

const TIMEOUT_MS = 60_000
/** In one pass; the others in the next. */
const MAX_UIDS = 1_000
const MAX_REMEMBERED = 100_000

export function openImapMailbox(settings: ServerSettings): Mailbox {
  /** Uids that stay unseen, of this validity. */
  const left = new Set<number>()
  let validity: bigint | null = null

  return {
    name: settings.name,
    async readAll(take, stop) {
      const client = openClient(settings)
      await client.connect()
      try {
        const { uidValidity } = await client.mailboxOpen(settings.box)
        if (uidValidity !== validity) left.clear()
        validity = uidValidity
        const unseen = (await client.search({ seen: false }, { uid: true })) || []
        for (const uid of unseen.filter((uid) => !left.has(uid)).slice(0, MAX_UIDS)) {
          if (stop.aborted) break
          await readOne(client, uid, take)
        }
      } finally {
        await client.logout().catch(() => client.close())
      }
    },
  }

  async function readOne(client: ImapFlow, uid: number, take: TakeMail): Promise<void> {
    // Without marking it: BODY.PEEK.
    const message = await client.fetchOne(
      String(uid),
      { source: { start: 0, maxLength: MAX_MAIL_BYTES } },
      { uid: true },
    )
    if (!message || message.source === undefined) return
    const bytes = message.source
    const disposal = await take({ source: 'imap', bytes, envelopeTo: readDeliveredTo(bytes), envelope: null })
    if (disposal === 'later') return
    const flag = { done: '\\Seen', aside: '\\Flagged', kept: null }[disposal]
    if (flag !== null) await client.messageFlagsAdd(String(uid), [flag], { uid: true })
    if (disposal === 'done') return
    left.add(uid)
    const [oldest] = left
    if (left.size > MAX_REMEMBERED && oldest !== undefined) left.delete(oldest)
  }
}

function openClient({ host, port, isSecure, user, password, caFile }: ServerSettings): ImapFlow {
  const client = new ImapFlow({
    host,
    port,
    secure: isSecure,
    // Without TLS it is this machine, which as a rule has a certificate that nobody vouches for.
    ...(isSecure ? {} : { doSTARTTLS: caFile !== null }),
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    maxLiteralSize: 2 * MAX_MAIL_BYTES,
    ...(caFile === null ? {} : { tls: { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] } }),
  })
  // Whatever it says, the call under way fails with it.
  client.on('error', () => {})
  return client
}
