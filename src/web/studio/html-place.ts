/** Which kind of place of an HTML page one stands in who has read it this far, as a browser would see it (HTML, 13.2.5). */

export type HtmlPlace =
  | 'words'
  /** Within a tag: the value of an attribute. */
  | 'attribute'
  /** Within <title>, <style> and the like, where no tag begins. */
  | 'head'
  /** Conditional ones, which only Outlook reads, among them. */
  | 'comment'

export interface HtmlReader {
  /** Reads on. A tag or a comment is never cut within its first characters: a hole stands in a value or between. */
  read(run: string): void
  place(): HtmlPlace
}

const OPENS = /<!--|<\/?([a-z][a-z0-9]*)/gi
const RAW: ReadonlySet<string> = new Set(['style', 'script', 'title', 'textarea'])

export function openHtmlReader(): HtmlReader {
  let place: HtmlPlace = 'words'
  /** Of the tag that is open. */
  let tag = ''
  /** Of the value that is open; '' between values. */
  let quote = ''

  /** Where the next place begins; the end of the run when this one goes on. */
  function step(run: string, from: number): number {
    switch (place) {
      case 'words':
        return open(run, from)
      case 'comment':
        return leave(run, run.indexOf('-->', from), { length: 3 })
      case 'head':
        return leave(run, run.toLowerCase().indexOf(`</${tag}`, from), { length: 0 })
      case 'attribute':
        return quote === '' ? readTag(run, from) : closeValue(run, from)
      default:
        return place satisfies never
    }
  }

  function open(run: string, from: number): number {
    OPENS.lastIndex = from
    const match = OPENS.exec(run)
    if (match === null) return run.length
    place = match[1] === undefined ? 'comment' : 'attribute'
    tag = match[0].startsWith('</') ? '' : (match[1] ?? '').toLowerCase()
    // `<!-->` is a whole one.
    return match[1] === undefined ? match.index + 2 : OPENS.lastIndex
  }

  function leave(run: string, at: number, { length }: { readonly length: number }): number {
    if (at === -1) return run.length
    place = 'words'
    return at + length
  }

  function readTag(run: string, from: number): number {
    const at = run.slice(from).search(/["'>]/)
    if (at === -1) return run.length
    const mark = run[from + at] ?? ''
    if (mark === '>') place = RAW.has(tag) ? 'head' : 'words'
    else quote = mark
    return from + at + 1
  }

  function closeValue(run: string, from: number): number {
    const at = run.indexOf(quote, from)
    if (at === -1) return run.length
    quote = ''
    return at + 1
  }

  return {
    read(run) {
      for (let at = 0; at < run.length; ) at = step(run, at)
    },
    place: () => place,
  }
}
