/** Links in tokens: which URLs an Issue may hold, and the index each http(s) link bears over the whole Issue. */

import type { Token } from 'markdown-it'
import type { Prose } from './issue.js'

/** Gives each http(s) link of `prose` its index, counting from `next`; returns the index after the last. */
export function numberLinks(prose: Prose, next: number): number {
  let index = next
  for (const token of prose) {
    for (const child of token.children ?? []) {
      if (child.type !== 'link_open' || !isWebUrl(urlOf(child))) continue
      child.meta = { ...child.meta, link: index }
      index++
    }
  }
  return index
}

/** The index of a `link_open`, null for mailto:, tel: and anchors. */
export function linkIndexOf(token: Token): number | null {
  const index = token.type === 'link_open' ? token.meta?.link : undefined
  return typeof index === 'number' ? index : null
}

/** Where a `link_open` leads. */
export function urlOf(token: Token): string {
  return String(token.attrGet('href') ?? '')
}

/** Absolute, http or https, with a host. */
export function isWebUrl(url: string): boolean {
  return /^https?:\/\/[^/?#\\]/i.test(url) && URL.canParse(url)
}

/** What would be right, when `url` cannot be linked to; else null. */
export function describeBadUrl(url: string): string | null {
  if (isWebUrl(url) || /^#./.test(url)) return null
  if (/^mailto:[^\s?]+@[^\s?]+/i.test(url) || /^tel:\+?[\d().-]+$/i.test(url)) return null
  const right =
    'write a whole URL that begins with https://, mailto: or tel:, or an anchor such as #commentary'
  return url === '' ? `a link leads nowhere; ${right}` : `"${url}" cannot be linked to; ${right}`
}

/**
 * What would be right, when `source` cannot be an image; else null. Images are files below `issues/images`: what lies
 * elsewhere could change between two builds, and would see who reads.
 */
export function describeBadImage(source: string): string | null {
  if (/^images\/[^\\]+$/.test(source) && !/%2e|%5c/i.test(source) && !source.split('/').includes('..'))
    return null
  const right = 'copy the file into issues/images and write images/NAME, such as images/quay.jpg'
  return source === '' ? `an image is missing; ${right}` : `"${source}" cannot be an image; ${right}`
}
