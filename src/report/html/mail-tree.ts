/**
 * The mail of a CompiledIssue as a tree that can stand in a page of ours: no Token, no address that leads anywhere, no
 * script, nothing that is fetched. What a template or an issue may write is on a list; the rest goes.
 */

import { type DefaultTreeAdapterTypes, defaultTreeAdapter } from 'parse5'
import type { CompiledIssue, Hole, TokenHole } from '../../compile/compiled.js'
import { escapeHtml } from '../../compile/escape.js'
import type { PersonHole } from '../../issue/hole.js'
import {
  bodyOf,
  type Element,
  isComment,
  isElement,
  isText,
  parseHtml,
} from '../../issue/import/html-tree.js'

/** Data URI of a picture by its SHA-256; one that is missing is shown by its words. */
export type Pictures = ReadonlyMap<string, string>

export interface MailTree {
  /** Sheets of the mail, in order, each with what it is for. */
  readonly styles: readonly { readonly media: string; readonly css: string }[]
  readonly body: Element
  readonly lang: string
  readonly dir: string
  /** Anchors of Links, in no order; one Link may have several. */
  readonly links: readonly { readonly index: number; readonly anchor: Element }[]
  /** What each alternative of a conditional passage begins with. */
  readonly alternatives: readonly {
    readonly name: string
    readonly is: Alternative
    readonly first: Child
  }[]
}

type Alternative = 'present' | 'absent'
type Child = DefaultTreeAdapterTypes.ChildNode

/** Stands for every Token. */
const TOKEN = 'TOKEN'
const PASSAGE = /^passage (present|absent) (\w+)$/

/** Throws InputError when tags are nested without end. */
export function plantMail(compiled: CompiledIssue, pictures: Pictures): MailTree {
  const source = compiled.html.map((piece) => (typeof piece === 'string' ? piece : fill(piece))).join('')
  const root = parseHtml(source, compiled.slug)
  const work: Work = { compiled, pictures, styles: [], links: [], alternatives: [] }
  const body = bodyOf(root)
  for (const child of root.childNodes.filter(isElement)) if (child.tagName === 'head') clean(child, work)
  clean(body, work)
  return {
    styles: work.styles,
    links: work.links,
    alternatives: work.alternatives,
    body,
    lang: compiled.lang,
    dir: root.attrs.find(({ name }) => name === 'dir')?.value === 'rtl' ? 'rtl' : 'ltr',
  }
}

/** What those see of whom nothing is known, or what it is called; of a passage both alternatives, since each has its readers. */
function fill(hole: Hole): string {
  if (hole.kind !== 'choice') return fillFlat(hole)
  const write = (pieces: typeof hole.present) =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : fillFlat(piece))).join('')
  const [present, absent] = [write(hole.present), write(hole.absent)]
  return `<!--passage present ${hole.name}-->${present}<!--passage absent ${hole.name}-->${absent}<!--passage end-->`
}

function fillFlat(hole: PersonHole | TokenHole): string {
  return hole.kind === 'token' ? TOKEN : escapeHtml(hole.fallback || `[${hole.name}]`)
}

interface Work {
  readonly compiled: CompiledIssue
  readonly pictures: Pictures
  readonly styles: { readonly media: string; readonly css: string }[]
  readonly links: { readonly index: number; readonly anchor: Element }[]
  readonly alternatives: { readonly name: string; readonly is: Alternative; readonly first: Child }[]
}

const TAGS: ReadonlySet<string> = new Set(
  (
    'a abbr address article aside b bdi bdo big blockquote body br caption center cite code col colgroup dd del dfn div dl dt em ' +
    'figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small ' +
    'span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr'
  ).split(' '),
)
/** Gone with all that is in them; what is on neither list leaves its content behind. */
const SILENT: ReadonlySet<string> = new Set(
  'script noscript iframe object embed applet template svg math audio video canvas map title meta link base textarea select input plaintext xmp noembed noframes frameset'.split(
    ' ',
  ),
)
const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'align alt aria-hidden aria-label bgcolor border cellpadding cellspacing class color colspan dir face height lang role rowspan ' +
    'scope size start style title valign value width'
  ).split(' '),
)

/** Without recursion: a mail may nest as deep as it likes. */
function clean(root: Element, work: Work): void {
  const waiting: Element[] = [root]
  let passage: { readonly is: Alternative; readonly name: string } | null = null
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    const children: Child[] = []
    const queue = [...element.childNodes]
    for (let child = queue.shift(); child !== undefined; child = queue.shift()) {
      if (isComment(child)) passage = readPassage(child.data)
      else if (!isElement(child)) {
        if (passage !== null && isText(child) && child.value.trim() !== '') {
          work.alternatives.push({ ...passage, first: child })
          passage = null
        }
        children.push(child)
      } else if (child.tagName === 'style') work.styles.push(readStyle(child, work))
      else if (SILENT.has(child.tagName) || child.namespaceURI !== element.namespaceURI) continue
      else if (TAGS.has(child.tagName)) {
        if (!cleanElement(child, work)) continue
        if (passage !== null) work.alternatives.push({ ...passage, first: child })
        passage = null
        children.push(child)
      } else queue.unshift(...child.childNodes)
    }
    element.childNodes = children
    for (const child of children) child.parentNode = element
    // The last one is taken first, so that they are met in the order of the document.
    waiting.push(...children.filter(isElement).reverse())
  }
  root.attrs = root.attrs.filter(({ name }) => ATTRIBUTES.has(name)).map((one) => cleanStyle(one, work))
}

function readPassage(comment: string): { readonly is: Alternative; readonly name: string } | null {
  const [, is, name] = PASSAGE.exec(comment) ?? []
  return name === undefined ? null : { is: is === 'present' ? 'present' : 'absent', name }
}

/** False: it is not shown at all. */
function cleanElement(element: Element, work: Work): boolean {
  const given = (name: string) => element.attrs.find((one) => one.name === name)?.value ?? ''
  const [href, src] = [given('href').trim(), given('src').trim()]
  element.attrs = element.attrs.filter(({ name }) => ATTRIBUTES.has(name)).map((one) => cleanStyle(one, work))
  if (element.tagName === 'img') return showPicture(element, src, work)
  if (element.tagName !== 'a') return true
  const { publicUrl } = work.compiled.publication
  const tracked = `${publicUrl}/c/${TOKEN}/`
  if (!href.startsWith(tracked)) return true
  const index = href.slice(tracked.length)
  // Whatever else the click redirect knows is no Link, and no person sees it.
  if (!/^\d+$/.test(index)) return false
  work.links.push({ index: Number(index), anchor: element })
  return true
}

/** The pixel is none. */
function showPicture(element: Element, src: string, { compiled, pictures }: Work): boolean {
  const { publicUrl } = compiled.publication
  if (src.startsWith(`${publicUrl}/o/`)) return false
  const data = pictureAt(src, publicUrl, pictures)
  if (data !== null) element.attrs.push({ name: 'src', value: data })
  if (!element.attrs.some(({ name }) => name === 'alt')) element.attrs.push({ name: 'alt', value: '' })
  return true
}

function pictureAt(url: string, publicUrl: string, pictures: Pictures): string | null {
  const [, sha256] = /^\/i\/([0-9a-f]{64})\.\w+$/.exec(url.slice(publicUrl.length)) ?? []
  return url.startsWith(publicUrl) && sha256 !== undefined ? (pictures.get(sha256) ?? null) : null
}

function readStyle(element: Element, work: Work): Work['styles'][number] {
  const css = element.childNodes.map((node) => ('value' in node ? node.value : '')).join('')
  const media = element.attrs.find(({ name }) => name === 'media')?.value ?? ''
  return { media, css: cleanCss(css, work) }
}

function cleanStyle<T extends { readonly name: string; readonly value: string }>(
  attribute: T,
  work: Work,
): T {
  return attribute.name === 'style' ? { ...attribute, value: cleanCss(attribute.value, work) } : attribute
}

/** The page's policy refuses what is missed here. */
function cleanCss(css: string, { compiled, pictures }: Work): string {
  return css
    .replace(/@import[^;]*;?/gi, '')
    .replace(/url\(\s*(["']?)([^"')]*)\1\s*\)/gi, (_whole, _quote, url: string) => {
      const data = pictureAt(url.trim(), compiled.publication.publicUrl, pictures)
      return data === null ? 'none' : `url(${data})`
    })
}

/** Puts nodes right before or after another one, or first into an element. */
export function insert(where: 'before' | 'after' | 'into', place: Child, given: readonly Child[]): void {
  const parent = where === 'into' && isElement(place) ? place : place.parentNode
  if (parent === null) return
  // The list they come from gets shorter as they leave it.
  const nodes = [...given]
  for (const node of nodes) defaultTreeAdapter.detachNode(node)
  const at = parent === place ? 0 : parent.childNodes.indexOf(place) + (where === 'after' ? 1 : 0)
  parent.childNodes.splice(at, 0, ...nodes)
  for (const node of nodes) node.parentNode = parent
}
