/** What a header field of ours is for, in a sentence for who wonders. */

const NOTES: Readonly<Record<string, string>> = {
  'message-id': 'The one name of this copy; a retry has the same.',
  date: 'When it was written; programs sort by it.',
  from: 'Who it is from, as readers see it. DMARC asks that its domain signs.',
  sender: 'Who hands it over, where that is not who it is from.',
  'reply-to': 'Where answers go.',
  to: 'This one reader.',
  subject: 'What the inbox shows first.',
  'list-id': 'The list, for filters (RFC 2919).',
  'list-unsubscribe': 'Where a mail program lets the reader leave (RFC 2369).',
  'list-unsubscribe-post': 'One click is enough, without a page (RFC 8058); Gmail and Yahoo ask for it.',
  'feedback-id': 'Groups complaints in Gmail’s Postmaster Tools.',
  precedence: 'Keeps out-of-office replies quiet.',
  'auto-submitted': 'Written by a program; answering machines stay quiet (RFC 3834).',
  'mime-version': 'It has parts (RFC 2045).',
  'content-type': 'What the body is; alternative parts say the same, the last is the best.',
  'content-transfer-encoding': 'How bytes are written as lines.',
  'content-language': 'The language of its words.',
  'dkim-signature': 'Proves who signed it and that nothing was changed (RFC 6376).',
  'return-path': 'Where bounces go.',
  'x-pressrun-test': 'A test send: which issue, and which state of it.',
}

/** '' where there is nothing to say. */
export function headerNote(name: string): string {
  return NOTES[name.toLowerCase()] ?? ''
}
