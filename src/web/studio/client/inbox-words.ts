/** Sizes, times and names of the inbox as a person reads them. */

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** `4.2 KB`, in thousands as disks count. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 999_500) return `${oneDigit(bytes / 1_000)} KB`
  return `${oneDigit(bytes / 1_000_000)} MB`
}

function oneDigit(number: number): string {
  return number < 10 ? number.toFixed(1) : Math.round(number).toLocaleString('en')
}

/** Short: the time of today, the day of earlier. */
export function timeWords(at: number, now: number): string {
  if (now - at < MINUTE_MS && now >= at) return 'now'
  const [date, today] = [new Date(at), new Date(now)]
  if (date.toDateString() === today.toDateString())
    return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  const isRecent = now - at < 300 * DAY_MS
  return date.toLocaleDateString(
    'en-GB',
    isRecent ? { day: 'numeric', month: 'short' } : { day: 'numeric', month: 'short', year: 'numeric' },
  )
}

export function exactTime(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'medium' })
}

/** Marks that turn writing around would dress an address up as another; they are written out. */
export function writtenOut(text: string): string {
  return text.replace(
    /[\u202A-\u202E\u2066-\u2069]/g,
    (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase()}]`,
  )
}

/** `alice@example.org and 2 more`. */
export function peopleWords(addresses: readonly string[]): string {
  const [first] = addresses
  if (first === undefined) return 'nobody that is known'
  return writtenOut(addresses.length === 1 ? first : `${first} and ${addresses.length - 1} more`)
}

/** What marks a test at the front of its subject, and the rest. */
export function splitSubject(subject: string): { readonly mark: string; readonly rest: string } {
  const written = writtenOut(subject)
  const mark = /^\[Test\b[^\]]{0,80}\]\s*/i.exec(written)?.[0] ?? ''
  return { mark: mark.trim(), rest: written.slice(mark.length).trim() }
}
