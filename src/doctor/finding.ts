/** A finding: one thing that was looked at before a live Send, and how it is. One sentence each. */

export const CHECKS = [
  'from',
  'spf',
  'dkim',
  'dmarc',
  'alignment',
  'mx',
  'bounces',
  'relay',
  'ptr',
  'pace',
  'web',
  'one-click',
  'clock',
  'redis',
  'database',
  'secret',
  'disk',
] as const
export type CheckName = (typeof CHECKS)[number]

/**
 * `error`: a live Send would be refused by a large provider, or could not go out. `unasked`: whether it would can't be
 * told, since a server gave no answer. `warning`: it would go out, and something is worth mending. `note`: what can't be
 * known from here, or matters to a live Send alone.
 */
export type Level = 'ok' | 'note' | 'warning' | 'unasked' | 'error'

export interface Finding {
  readonly check: CheckName
  readonly level: Level
  /** What was found, and what would be right. What DNS or a server said is in it as it came. */
  readonly message: string
}

/** Findings of one check, by level: `const spf = findingsOf('spf'); spf.error('…')`. */
export function findingsOf(check: CheckName): Readonly<Record<Level, (message: string) => Finding>> {
  const at = (level: Level) => (message: string) => ({ check, level, message })
  return {
    ok: at('ok'),
    note: at('note'),
    warning: at('warning'),
    unasked: at('unasked'),
    error: at('error'),
  }
}

/** Text of strangers within a sentence: bounded, in quotes. */
export function quoteText(text: string, longest = 80): string {
  const whole = [...text]
  return `"${whole.slice(0, longest).join('')}${whole.length > longest ? '…' : ''}"`
}
