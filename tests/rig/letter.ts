/** A message to be handed over, and what is asked before its end. */

import type { WireMessage } from '../../src/smtp/transport.js'

export interface Letter {
  readonly to?: string
  readonly text?: string | undefined
}

export function letter({
  to = 'alice@example.org',
  text = 'Subject: hello\r\n\r\nnews\r\n',
}: Letter): WireMessage {
  return { envelope: { from: 'desk@press.example', to }, bytes: Buffer.from(text) }
}

export const yes = async () => true

export function counting(count: () => void): () => Promise<boolean> {
  return async () => {
    count()
    return true
  }
}
