/** The Mailbox that a word of BOUNCES stands for. */

import { unreachable } from '../errors.js'
import { openImapMailbox } from './imap-mailbox.js'
import { openMailFolder } from './mail-folder.js'
import type { Mailbox } from './mailbox.js'
import type { MailboxSettings } from './mailbox-url.js'
import { openPop3Mailbox } from './pop3-mailbox.js'

/** Opens no connection yet. */
export function openMailbox(settings: MailboxSettings): Mailbox {
  switch (settings.kind) {
    case 'maildir':
    case 'folder':
      return openMailFolder(settings)
    case 'imap':
      return openImapMailbox({ ...settings, kind: 'imap' })
    case 'pop3':
      return openPop3Mailbox({ ...settings, kind: 'pop3' })
    default:
      return unreachable(settings)
  }
}
