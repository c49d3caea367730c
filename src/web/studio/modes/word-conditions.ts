/**
 * Outlook's conditional comments as Word reads them: what is written for it becomes part of the mail, what is hidden from
 * it goes. `[if mso]`, `[if gte mso 9]`, `[if !mso]`, `[if (mso)|(IE)]`; a condition that cannot be read does not hold.
 */

/** What all versions since 2016 say of themselves. */
const VERSION = 16
const OPEN = /<!--\[if ([^\]]{1,200})\]>(<!--\s*-->|<!-->|-->)?/g
const CLOSE_HIDDEN = /<!\[endif\]-->/g
const CLOSE_SHOWN = /<!--\s*<!\[endif\]-->/g

export function openConditions(html: string): string {
  let opened = ''
  let from = 0
  for (const match of html.matchAll(OPEN)) {
    if (match.index < from) continue
    const start = match.index + match[0].length
    // Comments that others see the content of are closed by a comment of their own.
    const close = match[2] === undefined ? CLOSE_HIDDEN : CLOSE_SHOWN
    close.lastIndex = start
    const end = close.exec(html)
    if (end === null) break
    opened += html.slice(from, match.index) + (holds(match[1] ?? '') ? html.slice(start, end.index) : '')
    from = end.index + end[0].length
  }
  return opened + html.slice(from)
}

/** Whether it holds in Word. */
export function holds(condition: string): boolean {
  const tokens = condition.toLowerCase().match(/[!()|&]|[a-z]+|[\d.]+/g) ?? []
  const next = () => tokens[0]
  const either = (): boolean => {
    let isTrue = both()
    while (next() === '|') {
      tokens.shift()
      isTrue = both() || isTrue
    }
    return isTrue
  }
  const both = (): boolean => {
    let isTrue = one()
    while (next() === '&') {
      tokens.shift()
      isTrue = one() && isTrue
    }
    return isTrue
  }
  const one = (): boolean => {
    const token = tokens.shift()
    if (token === '!') return !one()
    if (token === '(') {
      const isTrue = either()
      tokens.shift()
      return isTrue
    }
    const isCompared = token !== undefined && COMPARISONS.has(token)
    const name = isCompared ? tokens.shift() : token
    const version = /^[\d.]+$/.test(next() ?? '') ? Number(tokens.shift()) : null
    if (name !== 'mso') return name === 'vml' || name === 'true'
    if (version === null) return true
    return COMPARISONS.get(isCompared ? (token ?? '') : 'eq')?.(VERSION, version) ?? false
  }
  return either()
}

const COMPARISONS = new Map<string, (own: number, asked: number) => boolean>([
  ['eq', (own, asked) => own === asked],
  ['lt', (own, asked) => own < asked],
  ['lte', (own, asked) => own <= asked],
  ['gt', (own, asked) => own > asked],
  ['gte', (own, asked) => own >= asked],
])
