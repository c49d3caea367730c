/** What the codes of a refusal say, for an editor: the enhanced ones of RFC 3463 and RFC 7504 to 7505 that refuse a person. */

const WORDS: Readonly<Record<string, string>> = {
  '5.1.0': 'the address is refused',
  '5.1.1': 'no such mailbox',
  '5.1.2': 'no such mail server',
  '5.1.3': 'the address is no address',
  '5.1.6': 'the mailbox has moved',
  '5.1.10': 'the address takes no mail',
  '5.2.1': 'the mailbox is switched off',
  '5.2.2': 'the mailbox is full',
  '5.2.3': 'the message is too long for it',
  '5.3.4': 'the message is too long for its server',
  '5.4.1': 'its server does not answer',
  '5.4.4': 'its server is not found',
  '5.7.1': 'its server will not have it',
}

/** `550 5.1.1 (no such mailbox)`; whatever else a reason is stays as it is. */
export function explainReason(reason: string): string {
  const code = /^\d{3} (?<enhanced>[245]\.\d{1,3}\.\d{1,3})$/.exec(reason)?.groups?.enhanced
  const words = code === undefined ? undefined : WORDS[code]
  return words === undefined ? reason : `${reason} (${words})`
}
