/** Passages and pictures of a mail that another has not, marked where they stand. */

const BLOCKS = 'p, li, h1, h2, h3, h4, h5, h6, td, th, dt, dd, div, blockquote, figcaption, pre'
/** On any ground: a line of its own colour, with paper around it. */
const STYLE = `
:root:not([data-unmarked]) [data-changed] { outline: 2px solid #1f7a3d !important; outline-offset: 2px; box-shadow: 0 0 0 5px rgb(255 255 255 / 0.7); }
:root:not([data-unmarked]) [data-changed=gone] { outline: 2px dashed #b3261e !important; }
`

/** Marks both; how many passages are in one of them alone. */
export function markChanges(
  before: Document,
  after: Document,
): { readonly come: number; readonly gone: number } {
  const [old, now] = [passagesOf(before), passagesOf(after)]
  return {
    come: mark(after, missingIn(now, old), 'come'),
    gone: mark(before, missingIn(old, now), 'gone'),
  }
}

export function showMarks({ documentElement }: Document, areShown: boolean): void {
  documentElement.toggleAttribute('data-unmarked', !areShown)
}

export function markedIn(picture: Document): readonly HTMLElement[] {
  return [...picture.querySelectorAll<HTMLElement>('[data-changed]')]
}

function mark(picture: Document, elements: readonly Element[], kind: 'come' | 'gone'): number {
  for (const old of markedIn(picture)) old.removeAttribute('data-changed')
  for (const element of elements) element.setAttribute('data-changed', kind)
  if (picture.querySelector('style[data-changes]') === null) {
    const style = picture.createElement('style')
    style.setAttribute('data-changes', '')
    style.textContent = STYLE
    picture.head.append(style)
  }
  return elements.length
}

type Passages = ReadonlyMap<Element, string>

/** Each block that a person sees, with its own words; pictures by their files. */
function passagesOf(picture: Document): Passages {
  const passages = new Map<Element, string>()
  const walker = picture.createTreeWalker(picture.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const words = node.nodeValue ?? ''
    const block = words.trim() === '' ? null : (node.parentElement?.closest(BLOCKS) ?? null)
    if (block !== null && block.getClientRects().length > 0)
      passages.set(block, `${passages.get(block) ?? ''}${words}`)
  }
  for (const image of picture.images)
    if (image.width > 1) passages.set(image, `picture ${new URL(image.src, picture.URL).pathname}`)
  return passages
}

/** Those whose words the others have not, or not as often. */
function missingIn(passages: Passages, others: Passages): readonly Element[] {
  const left = new Map<string, number>()
  for (const words of others.values()) left.set(squeeze(words), (left.get(squeeze(words)) ?? 0) + 1)
  return [...passages].flatMap(([element, words]) => {
    const count = left.get(squeeze(words)) ?? 0
    left.set(squeeze(words), count - 1)
    return count > 0 ? [] : [element]
  })
}

function squeeze(words: string): string {
  return words.replace(/\s+/g, ' ').trim()
}
