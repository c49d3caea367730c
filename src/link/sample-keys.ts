/**
 * The keys of messages that are no Delivery's: samples and test sends. No engine signs with them or does anything for their
 * Tokens. Anyone can make one: it says that it stands for nobody, and nothing else.
 */

import { makeKeys, type TokenPurpose, verifyToken } from './token.js'

export const SAMPLE_KEYS = makeKeys(['a sample: no engine signs or accepts anything with this'])

export function isSampleToken(purpose: TokenPurpose, token: string): boolean {
  return verifyToken(SAMPLE_KEYS, purpose, token) !== null
}
