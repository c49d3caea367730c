/** What lies in the local inbox of an engine, as the person it was sent to finds it. */

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import PostalMime, { type Email } from 'postal-mime'
import { vi } from 'vitest'

export interface Mailbox {
  /** The newest to an address that says this in its subject, once there are so many of them. */
  wait(address: string, subject: RegExp, count?: number): Promise<Email>
  /** How many lie there for an address. */
  count(address: string): number
}

/** `root` is the one of the engine. */
export function openMailbox(root: string): Mailbox {
  const folder = path.join(root, '.data', 'inbox')

  function filesFor(address: string): readonly string[] {
    const ledger = path.join(folder, 'ledger.jsonl')
    if (!existsSync(ledger)) return []
    return readFileSync(ledger, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { to: string; file: string })
      .filter(({ to }) => to === address)
      .map(({ file }) => file)
  }

  return {
    count: (address) => filesFor(address).length,
    wait: (address, subject, count = 1) =>
      vi.waitFor(
        async () => {
          const mails = await Promise.all(
            filesFor(address).map((file) => PostalMime.parse(readFileSync(path.join(folder, file)))),
          )
          const found = mails.filter((mail) => subject.test(mail.subject ?? ''))
          const last = found.at(-1)
          if (last === undefined || found.length < count)
            throw new Error(`${found.length} of ${count} mails ${subject} lie there for ${address}`)
          return last
        },
        { timeout: 30_000, interval: 100 },
      ),
  }
}

/** The first link in a mail's HTML that leads below such a path. */
export function linkIn({ html }: Email, below: string): string {
  const links = [...(html ?? '').matchAll(/href="([^"]+)"/g)].map(([, url = '']) => url)
  const link = links.find((url) => url.includes(below))
  if (link === undefined) throw new Error(`no link of the mail has ${below}; it has ${links.join(' ')}`)
  return link
}
