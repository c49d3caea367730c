/**
 * A row of a list that is one conditional passage and nothing else goes with it: for readers who see nothing of the
 * passage no empty row is left. The marks of such a passage move out to the row's own tags.
 */

const LINE_MARK = '\ue008\\d*\ue009'
const BLANK = `(?:\\s|${LINE_MARK})*`
/** A whole passage: name, what those see who have the value, what the others see. */
const PASSAGE = /\ue002([a-z][a-z0-9_]*)\ue003([^\ue004]*)\ue004([^\ue005]*)\ue005/g
const IS_BLANK = new RegExp(`^${BLANK}$`)
const OPENS_BEFORE = new RegExp(`<(tr|td|div|li)(?:\\s[^<>]*)?>${BLANK}$`)
const CLOSES_AFTER = new RegExp(`^${BLANK}</(tr|td|div|li)>\\n?`)
/** What may come and go as a whole. */
const ROWS: ReadonlySet<string> = new Set(['tr', 'li'])
/** Characters that are searched for tags on either side; the tags of a row in a mail have some 300. */
const REACH = 2_000

/** `marked` is finished HTML with the markers of `markChoice`. */
export function widenPassages(marked: string): string {
  let html = ''
  let from = 0
  for (const match of marked.matchAll(PASSAGE)) {
    const [whole, name = '', present = '', absent = ''] = match
    const isOneSided = IS_BLANK.test(present) !== IS_BLANK.test(absent)
    if (!isOneSided) continue
    const before = marked.slice(from, match.index)
    const end = match.index + whole.length
    const { opening, closing } = findRow(before, marked.slice(end, end + REACH))
    const wrap = (branch: string) => (IS_BLANK.test(branch) ? '' : opening + branch + closing)
    html += before.slice(0, before.length - opening.length)
    html += `\ue002${name}\ue003${wrap(present)}\ue004${wrap(absent)}\ue005`
    from = end + closing.length
  }
  return html + marked.slice(from)
}

/** The tags of the outermost row that holds nothing but what stands between `before` and `after`; '' for none. */
function findRow(before: string, after: string): { opening: string; closing: string } {
  let row = { opening: '', closing: '' }
  let [opening, closing] = ['', '']
  const near = before.slice(-REACH)
  for (;;) {
    const opens = OPENS_BEFORE.exec(near.slice(0, near.length - opening.length))
    const closes = CLOSES_AFTER.exec(after.slice(closing.length))
    if (opens === null || closes === null || opens[1] !== closes[1]) return row
    opening = opens[0] + opening
    closing += closes[0]
    if (ROWS.has(closes[1] ?? '')) row = { opening, closing }
  }
}
