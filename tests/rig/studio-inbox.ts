/** The studio over HTTP with a local inbox that real messages come into, and files that mean harm. */

import path from 'node:path'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { expect } from 'vitest'
import { openInbox } from '../../src/smtp/inbox.js'
import type { InboxMessage, InboxPage } from '../../src/web/studio/inbox/api.js'
import { openTestStudio, type TestStudio } from './studio.js'

/** As long as one of ours. */
export const TOKEN = 'A'.repeat(22)

export interface InboxStudio extends TestStudio {
  /** Accepted by the inbox when this is over. */
  send(mail: SendMailOptions, folder?: string): Promise<void>
  /** A file of the inbox, as it is. */
  put(number: number, text: string | Uint8Array): void
  /** Of the inbox, or what `query` asks for. */
  listed(query?: string): Promise<InboxPage>
  message(number: number): Promise<InboxMessage>
  /** Its HTML, as the page frames it. */
  frame(number: number): Promise<string>
}

export async function openInboxStudio(
  options: Parameters<typeof openTestStudio>[0] = {},
): Promise<InboxStudio> {
  const studio = await openTestStudio(options)
  async function ask<T>(at: string): Promise<T> {
    const response = await fetch(`${studio.url}${at}`)
    expect(response.status).toBe(200)
    return (await response.json()) as T
  }
  return {
    ...studio,
    async send(mail, folder = 'inbox') {
      const inbox = await openInbox({ folder: path.join(studio.root, '.data', folder) })
      const transport = createTransport(inbox.url)
      await transport.sendMail({ from: 'The Harbour Brief <brief@harbour.example.com>', ...mail })
      transport.close()
      await inbox.close()
    },
    put: (number, text) => studio.write(`.data/inbox/${String(number).padStart(6, '0')}.eml`, text),
    listed: (query = '') => ask<InboxPage>(`/api/inbox${query}`),
    message: (number) => ask<InboxMessage>(`/api/inbox/inbox/${number}`),
    async frame(number) {
      const response = await fetch(`${studio.url}/frame/inbox/inbox/${number}/html`)
      expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
      expect(response.headers.get('X-DNS-Prefetch-Control')).toBe('off')
      return response.text()
    },
  }
}
