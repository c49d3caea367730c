/**
 * Click map: the mail as it was sent, with the number of people beside each Link and each Section's share at its margin.
 * It stands in a shadow root that HTML itself declares: its styles touch nothing else, ours do not touch it, it is as high
 * as it is, and no script is needed.
 */

import { type DefaultTreeAdapterTypes, parseFragment, serialize } from 'parse5'
import type { CompiledIssue } from '../../compile/compiled.js'
import { type Element, elementsOf, isElement, textOf } from '../../issue/import/html-tree.js'
import { formatNumber } from '../columns.js'
import type { LinkReach, Report, SectionReach } from '../report.js'
import { people, shareOf } from '../shares.js'
import { insert, type MailTree, type Pictures, plantMail } from './mail-tree.js'
import { MAP_STYLE } from './map-style.js'
import { type Html, html } from './markup.js'

export interface ClickMap {
  readonly report: Pick<Report, 'clicks' | 'sent' | 'tracking'>
  readonly compiled: CompiledIssue
  readonly pictures: Pictures
}

/** Id of a Link's row, which the Link leads to. */
export function rowOf(index: number): string {
  return `link-${index}`
}

/** Throws InputError when the mail's tags are nested without end. */
export function drawClickMap({ report, compiled, pictures }: ClickMap): Html {
  const tree = plantMail(compiled, pictures)
  if (report.tracking.clicks) {
    markLinks(tree, report)
    markSections(tree, report)
  }
  markAlternatives(tree)
  const styles = tree.styles.map(({ media, css }) => {
    const forMedia = media === '' ? html`` : html` media="${media}"`
    return html`<style${forMedia}>${raw(css.replaceAll('</', '<\\/'))}</style>`
  })
  const look = (name: string) => tree.body.attrs.find((one) => one.name === name)?.value ?? ''
  return html`<div class="map" role="group" aria-label="The issue with the number of people who clicked each Link">
<template shadowrootmode="open">${styles}<style>${raw(MAP_STYLE)}</style><div class="pressrun-sheet"><div class="${look('class')}" style="${look('style')}" lang="${tree.lang}" dir="${tree.dir}">${raw(serialize(tree.body))}</div></div></template>
<p>This browser is too old to draw the issue here. The table of Links below has the same numbers.</p>
</div>`
}

function raw(text: string): Html {
  return { html: text }
}

function markLinks({ links }: MailTree, { clicks, sent }: ClickMap['report']): void {
  const most = Math.max(0, ...clicks.links.map(({ person }) => person))
  const byIndex = new Map(clicks.links.map((link) => [link.index, link]))
  for (const { index, anchor } of links) {
    const link = byIndex.get(index)
    if (link === undefined) continue
    anchor.attrs.push({ name: 'href', value: `#${rowOf(index)}` })
    insert('after', anchor, nodesOf(writeCount(link, { most, sent })))
  }
}

function writeCount(link: LinkReach, { most, sent }: { readonly most: number; readonly sent: number }): Html {
  const { person, unknown, machine } = link
  const share = shareOf(person, sent, 'sent')
  const others = `${formatNumber(unknown)} unknown, ${formatNumber(machine)} machines`
  const title = `${people(person)} clicked${share === '' ? '' : ` (${share})`}; ${others}`
  return html`<pressrun-count data-step="${stepOf(person, most)}" title="${title}">${formatNumber(person)}</pressrun-count>`
}

/** How strong its colour is: 0 for nobody, 4 for what most people clicked. */
function stepOf(count: number, most: number): number {
  return count === 0 || most === 0 ? 0 : Math.max(1, Math.ceil((4 * count) / most))
}

/** At its heading; where the template shows none, at the passage with its first Link. */
function markSections(tree: MailTree, { clicks, sent }: ClickMap['report']): void {
  const headings = [...elementsOf(tree.body)].filter(({ tagName }) => /^h[1-6]$/.test(tagName))
  let from = 0
  for (const section of clicks.sections) {
    const at = headings.findIndex((one, place) => place >= from && textOf(one) === plain(section.heading))
    const heading = section.heading === '' ? undefined : headings[at]
    const share = nodesOf(writeShare(section, sent))
    if (heading !== undefined) {
      from = at + 1
      insert('into', heading, share)
    } else {
      const first = firstLinkOf(tree, section, clicks.links)
      if (first !== null) insert('into', blockOf(first), share)
    }
  }
}

/** Where a line of its own may stand. */
function blockOf(anchor: Element): Element {
  for (let at = anchor.parentNode; at !== null && 'tagName' in at; at = at.parentNode)
    if (/^(?:p|li|td|th|div|h[1-6]|blockquote|figure|body)$/.test(at.tagName)) return at
  return anchor
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function firstLinkOf(
  { links }: MailTree,
  { id, heading }: SectionReach,
  reaches: readonly LinkReach[],
): Element | null {
  const theirs = new Set(reaches.filter(({ section }) => section === heading).map(({ index }) => index))
  const sorted = [...links].sort((one, other) => one.index - other.index)
  return sorted.find(({ index }) => id !== undefined && theirs.has(index))?.anchor ?? null
}

/**
 * The editor's note has no heading, and its first Link may stand in a passage for some readers: so it is named in place of
 * the share, for which the margin has no room then.
 */
function writeShare({ person, heading }: SectionReach, sent: number): Html {
  const share = shareOf(person, sent, 'sent')
  const count = html`<b>${people(person)}</b>`
  if (heading === '')
    return html`<pressrun-share title="${share}">${count}<i>in the editor's note</i></pressrun-share>`
  return html`<pressrun-share>${count}<span class="pressrun-unseen"> clicked in ${heading}</span><i>${share}</i></pressrun-share>`
}

/** Both are shown; each reader saw one. */
function markAlternatives({ alternatives }: MailTree): void {
  for (const { is, name, first } of alternatives) {
    const words = `${is === 'present' ? 'with' : 'without'} ${name}`
    const within = isWithinWords(first) ? html` data-within` : null
    const note = nodesOf(html`<pressrun-note${within}>only readers ${words}</pressrun-note>`)
    if (isElement(first) && within === null) insert('into', cellOf(first), note)
    else insert('before', first, note)
  }
}

/** Two alternatives in one line would stand at one place of the margin; so these are told where they begin. */
function isWithinWords(first: DefaultTreeAdapterTypes.ChildNode): boolean {
  return (
    !isElement(first) ||
    /^(?:a|abbr|b|bdi|cite|code|em|font|i|img|mark|q|s|small|span|strong|sub|sup|u)$/.test(first.tagName)
  )
}

/** Between the rows of a table nothing else may stand. */
function cellOf(element: Element): Element {
  if (!/^(?:table|thead|tbody|tfoot|tr|ul|ol)$/.test(element.tagName)) return element
  for (const inner of elementsOf(element)) if (/^(?:td|th|li)$/.test(inner.tagName)) return inner
  return element
}

function nodesOf({ html: markup }: Html): readonly DefaultTreeAdapterTypes.ChildNode[] {
  return parseFragment(markup).childNodes
}
