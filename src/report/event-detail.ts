/** How and from where of an Event, in words. */

/** `{"how":"import","import":3,"file":"x.csv","line":2,"askedFrom":"…"}` as `import 3 of x.csv, line 2`, `asked from …`. */
export function describeEvent(json: string): readonly string[] {
  // Written by insertEvents from a flat object.
  const { how, import: id, file, ...rest } = JSON.parse(json) as Record<string, string | number>
  const words = (key: string) => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  const facts = Object.entries(rest).flatMap(([key, value]) =>
    value === '' || value === null ? [] : [`${words(key)} ${write(key, value)}`],
  )
  const of = [...(id === undefined ? [] : [id]), ...(file === undefined ? [] : ['of', file])].join(' ')
  if (how === 'report') return describeReport(rest)
  if (how === 'import') return [`import ${of}`, ...facts]
  if (how === 'undo' && id !== undefined) return [`undo of import ${of}`, ...facts]
  return [
    ...Object.entries({ how, import: id, file }).flatMap(([k, v]) => (v === undefined ? [] : [`${k} ${v}`])),
    ...facts,
  ]
}

/** The last instant that a Date can be. */
const MAX_TIME = 8.64e15

/** Times are kept as milliseconds: `askedAt`, `pausedUntil`. The end of the year 9999 stands for a pause without an end. */
function write(key: string, value: string | number): string {
  const isTime = typeof value === 'number' && /(?:At|Until)$/.test(key) && Math.abs(value) <= MAX_TIME
  if (!isTime) return String(value)
  const iso = new Date(value).toISOString()
  return iso.startsWith('9999-') ? 'they resume' : `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}

/** What came back by itself: `hard`, `550 5.1.1 No such user`, `by smtp`. */
function describeReport({
  fault,
  type,
  status,
  code,
  text,
  source,
}: Readonly<Record<string, string | number>>): readonly string[] {
  const words = text ?? [code, status].filter((part) => part !== undefined).join(' ')
  return [fault ?? type, words, source === undefined ? '' : `by ${source}`]
    .map((part) => String(part ?? ''))
    .filter((part) => part !== '')
}
