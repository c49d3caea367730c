/**
 * Looks at a page as it is laid out: is anything wider than the screen, cut off, on top of something else, or too faint
 * to read? What is found is measured on lines of text, so that it is what a person would see.
 */

import type { Page } from 'playwright-core'

/** One sentence a fault, with the words it is about; none when the page is fine. */
export function findLayoutFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(inspect)
}

/** Runs in the page, so it holds all that it needs. */
function inspect(): string[] {
  /** Boxes are laid out in fractions of a pixel; descenders may reach a little into the gap below. */
  const SLACK_PX = 1.5
  /** WCAG 2.2, success criterion 1.4.3. */
  const MIN_CONTRAST = 4.5
  const screenWidth = document.documentElement.clientWidth
  const faults: string[] = []

  if (document.documentElement.scrollWidth > screenWidth)
    faults.push(`the page is ${document.documentElement.scrollWidth} px wide, the screen ${screenWidth}`)
  for (const element of document.body.querySelectorAll('*')) findElementFaults(element)
  const lines = [...readLines(), ...readImages()]
  for (const line of lines) {
    if (line.left < -SLACK_PX || line.right > screenWidth + SLACK_PX)
      faults.push(`"${line.words}" reaches beyond the screen`)
  }
  findOverlaps(lines)
  return [...new Set(faults)]

  function findElementFaults(element: Element): void {
    if (!isShown(element)) return
    const box = element.getBoundingClientRect()
    if (box.width > 0 && (box.left < -SLACK_PX || box.right > screenWidth + SLACK_PX))
      faults.push(`<${element.localName}> reaches from ${box.left} to ${box.right} px`)
    const { overflowX, overflowY } = getComputedStyle(element)
    const isCut =
      (overflowX !== 'visible' && element.scrollWidth > element.clientWidth + SLACK_PX) ||
      (overflowY !== 'visible' && element.scrollHeight > element.clientHeight + SLACK_PX)
    if (isCut && element.clientWidth > 0) faults.push(`<${element.localName}> cuts off "${wordsOf(element)}"`)
  }

  function readLines() {
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement
      if (parent === null || node.textContent?.trim() === '' || !isShown(parent)) continue
      if (parent.closest('style, script, title') !== null) continue
      findFaintness(parent)
      const range = document.createRange()
      range.selectNodeContents(node)
      const block = blockOf(parent)
      for (const { left, right, top, bottom } of range.getClientRects())
        found.push({ left, right, top, bottom, block, words: (node.textContent ?? '').trim().slice(0, 40) })
    }
    return found
  }

  function readImages() {
    return [...document.images].filter(isShown).flatMap((image) => {
      const { left, right, top, bottom, width } = image.getBoundingClientRect()
      const isPixel = width <= 1
      return isPixel ? [] : [{ left, right, top, bottom, block: image, words: `picture ${image.alt}` }]
    })
  }

  /** Lines of one block lie as close as its line height says; those of two never share a place. */
  function findOverlaps(all: ReturnType<typeof readLines>): void {
    const sorted = all.toSorted((one, other) => one.top - other.top)
    sorted.forEach((line, index) => {
      for (const below of sorted.slice(index + 1)) {
        if (below.top > line.bottom - SLACK_PX) break
        const shared = Math.min(line.right, below.right) - Math.max(line.left, below.left)
        const depth = Math.min(line.bottom, below.bottom) - below.top
        if (below.block !== line.block && shared > SLACK_PX && depth > SLACK_PX)
          faults.push(`"${line.words}" and "${below.words}" overlap`)
      }
    })
  }

  function findFaintness(element: Element): void {
    const [ink, ground] = [readColor(getComputedStyle(element).color), groundOf(element)]
    const [lighter = 0, darker = 0] = [luminance(ink), luminance(ground)].sort((a, b) => b - a)
    const contrast = (lighter + 0.05) / (darker + 0.05)
    if (contrast < MIN_CONTRAST)
      faults.push(`"${wordsOf(element)}" has a contrast of ${contrast.toFixed(2)}: ${ink} on ${ground}`)
  }

  function groundOf(element: Element): number[] {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const color = readColor(getComputedStyle(at).backgroundColor)
      if ((color[3] ?? 1) > 0) return color
    }
    const isDark = matchMedia('(prefers-color-scheme: dark)').matches
    return isDark ? [18, 18, 18] : [255, 255, 255]
  }

  function readColor(text: string): number[] {
    return (text.match(/[\d.]+/g) ?? []).map(Number)
  }

  /** Relative luminance, as WCAG defines it. */
  function luminance(color: number[]): number {
    const [red = 0, green = 0, blue = 0] = color.slice(0, 3).map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  /** `checkVisibility` knows of ancestors too. */
  function isShown(element: Element): boolean {
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  }

  function blockOf(element: Element): Element {
    let at = element
    while (getComputedStyle(at).display.startsWith('inline') && at.parentElement) at = at.parentElement
    return at
  }

  function wordsOf(element: Element): string {
    return (element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40)
  }
}
