/**
 * Folds the spellings of one mailbox into one, to count by: what stands behind a plus, and Gmail's dots. Never to send to,
 * nor to tell people apart: elsewhere a plus or a dot may be another's.
 */

import type { Address } from '../address.js'

const GMAIL = ['gmail.com', 'googlemail.com']

export function foldAddress({ local, domain }: Pick<Address, 'local' | 'domain'>): string {
  const lower = local.toLowerCase().normalize('NFC')
  const [base = ''] = lower.split('+')
  // An address may begin with a plus.
  const plain = base === '' ? lower : base
  return GMAIL.includes(domain) ? `${plain.replaceAll('.', '')}@gmail.com` : `${plain}@${domain}`
}
