/**
 * What would act is taken out: scripts, handlers, refreshing, other bases and windows, links of the head. The frame's policy forbids it all as
 * well; without it a browser has nothing to complain of, and a picture nothing to leave for.
 */

import { changeMarkup, nameOf, readAttributes, writeTag } from './markup.js'

const ACTS = /\s(?:on[a-z]+|target|ping|http-equiv)\s*=|^<(?:base|link)\b|href\s*=\s*["']?#/i

export function still(html: string): string {
  return changeMarkup(html, {
    tag: (tag) => (ACTS.test(tag) ? stillTag(tag) : tag),
    raw: (open, content) => (nameOf(open) === 'script' ? null : { open, content }),
  })
}

function stillTag(tag: string): string {
  const name = nameOf(tag)
  const attributes = readAttributes(tag)
  // A policy does not govern what a link asks to be connected or looked up ahead.
  if (name === 'base' || name === 'link') return ''
  if (name === 'meta' && /refresh|policy|set-cookie/i.test(attributes.get('http-equiv') ?? '')) return ''
  const kept = new Map([...attributes].filter(([key]) => !/^(?:on[a-z]+|target|ping)$/.test(key)))
  // To another place of the same picture; all other links open windows, which nobody lets them (`frame-head.ts`).
  if (attributes.get('href')?.startsWith('#')) kept.set('target', '_self')
  return writeTag(name, kept)
}
