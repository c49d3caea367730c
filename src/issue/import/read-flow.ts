/**
 * A tree of HTML as blocks and runs: every word a reader sees, every link and image. What an issue cannot hold is left
 * out with a note. Never guesses at looks: only what elements mean counts.
 */

import { readCodeText } from './code-text.js'
import { readDestination } from './destination.js'
import { type Block, PLAIN, type Run, runsOf } from './flow.js'
import {
  type Flow,
  type FlowContext,
  keepSendable,
  lineAt,
  noteAt,
  quoted,
  readMark,
  type Setting,
} from './flow-context.js'
import { findFootnotes } from './footnotes.js'
import {
  attributeOf,
  type Element,
  hasClass,
  isComment,
  isElement,
  isText,
  type Node,
  textOf,
} from './html-tree.js'
import { readImage, readRaised, settingWithin } from './inline-elements.js'
import { cleanText, tidyRuns } from './runs.js'
import { readTable } from './table.js'
import { isHidden, isSmallForm, roleOf } from './visible.js'

/** Each adds two levels to an issue's tokens, of which 16 are the most. */
const MAX_DEPTH = 6
const START: Setting = { marks: PLAIN, link: null, depth: 0, isNote: false }

/** Footnotes stand at the end. */
export function readFlow(root: Element, context: FlowContext): readonly Block[] {
  const notes: Block[] = []
  const footnotes = findFootnotes(root)
  const flow = { ...context, footnotes, notes, buttons: new Set<string>(), markedLine: null }
  return [...readBlocks(root.childNodes, START, flow), ...notes]
}

/** The blocks that `nodes` show; words outside of any block make paragraphs. */
function readBlocks(nodes: readonly Node[], setting: Setting, flow: Flow): readonly Block[] {
  const blocks: Block[] = []
  let runs: Run[] = []
  let line: number | null = null
  const endParagraph = () => {
    const tidied = tidyRuns(runs)
    const isPressed = setting.depth === 0 && !setting.isNote && isButton(tidied, flow)
    if (tidied.length > 0) blocks.push({ kind: isPressed ? 'button' : 'paragraph', runs: tidied, line })
    runs = []
    line = null
  }
  const visit = (node: Node, around: Setting) => {
    if (isComment(node)) flow.markedLine = readMark(node.data) ?? flow.markedLine
    if (isText(node)) {
      const text = keepSendable(node.value, lineAt(node, flow), flow)
      if (text.trim() !== '') line ??= lineAt(node, flow)
      runs.push({ kind: 'text', text, marks: around.marks, link: around.link })
    }
    if (!isElement(node) || flow.footnotes.left.has(node)) return
    const reference = around.isNote ? undefined : flow.footnotes.references.get(node)
    if (reference !== undefined) {
      runs.push({ kind: 'footnote', label: reference })
      return
    }
    const role = roleOf(node)
    if (role === 'out') noteLeftOut(node, flow)
    else if (role === 'block') {
      endParagraph()
      for (const block of readBlock(node, around, flow)) blocks.push(block)
    } else if (node.tagName === 'br') runs.push({ kind: 'break' })
    else if (node.tagName === 'img') runs.push(...readImage(node, around, flow))
    else {
      const inner = settingWithin(node, around, flow)
      const [before, after] = node.tagName === 'q' ? ['“', '”'] : ['', '']
      runs.push({ kind: 'text', text: before, marks: inner.marks, link: inner.link })
      const raised = readRaised(node)
      if (raised !== null) runs.push({ kind: 'text', text: raised, marks: inner.marks, link: inner.link })
      else for (const child of node.childNodes) visit(child, inner)
      runs.push({ kind: 'text', text: after, marks: inner.marks, link: inner.link })
    }
  }
  for (const node of nodes) visit(node, setting)
  endParagraph()
  return blocks
}

function isButton(runs: readonly Run[], { buttons }: Flow): boolean {
  const [only] = runs
  return runs.length === 1 && only?.kind === 'text' && only.link !== null && buttons.has(only.link)
}

function readBlock(element: Element, setting: Setting, flow: Flow): readonly Block[] {
  const { tagName, childNodes } = element
  const label = flow.footnotes.notes.get(element)
  if (label !== undefined && !setting.isNote) {
    flow.notes.push({ kind: 'note', label, blocks: readBlocks(childNodes, { ...START, isNote: true }, flow) })
    return []
  }
  const inside = (around: Setting = setting) => readBlocks(childNodes, around, flow)
  switch (tagName) {
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
      return readHeading(element, setting, flow)
    case 'ul':
    case 'ol':
    case 'menu':
    case 'dir':
      return readList(element, setting, flow)
    case 'blockquote':
      return readQuote(element, setting, flow)
    case 'pre':
    case 'listing':
    case 'xmp':
    case 'plaintext':
      return readCode(element, setting, flow)
    case 'hr':
      return [{ kind: 'rule' }]
    case 'table':
      return readTable(element, {
        read: (nodes) => readBlocks(nodes, setting, flow),
        note: (message) => noteAt(element, flow, message),
      })
    case 'figure':
      return readFigure(inside())
    case 'dt':
    case 'summary':
    case 'legend':
      return inside({ ...setting, marks: { ...setting.marks, strong: true } })
    case 'form':
      if (!isSmallForm(element)) return inside()
      noteAt(element, flow, `a form to fill in was left out${wordsOfForm(element)}`)
      return []
    case 'iframe':
    case 'embed':
    case 'object':
    case 'video':
    case 'audio':
      return readPlayer(element, setting, flow)
    default:
      return hasClass(element, 'pullquote') ? readQuote(element, setting, flow) : inside()
  }
}

function readQuote(element: Element, setting: Setting, flow: Flow): readonly Block[] {
  const { childNodes } = element
  if (isTooDeep(element, setting, flow)) return readBlocks(childNodes, setting, flow)
  const blocks = readBlocks(childNodes, { ...setting, depth: setting.depth + 1 }, flow)
  const isPull = hasClass(element, 'pullquote') || hasClass(element, 'kg-blockquote-alt')
  return blocks.length === 0 ? [] : [{ kind: 'quote', isPull, blocks }]
}

/** The first paragraph is the heading; whatever else someone put into it stands below. */
function readHeading(element: Element, setting: Setting, flow: Flow): readonly Block[] {
  const blocks = readBlocks(
    element.childNodes.filter((node) => !isPermalink(node)),
    setting,
    flow,
  )
  const [first, ...rest] = blocks
  if (first?.kind !== 'paragraph') return blocks
  return [{ ...first, kind: 'heading', level: Number(element.tagName.slice(1)), attributes: '' }, ...rest]
}

/** The "#" or "¶" beside a heading that many programs add, leading to the heading itself. */
function isPermalink(node: Node): boolean {
  return (
    isElement(node) &&
    node.tagName === 'a' &&
    attributeOf(node, 'href').startsWith('#') &&
    /^[#¶§🔗\s]*$/u.test(textOf(node))
  )
}

function readList(list: Element, setting: Setting, flow: Flow): readonly Block[] {
  if (isTooDeep(list, setting, flow)) return readBlocks(list.childNodes, setting, flow)
  const inner = { ...setting, depth: setting.depth + 1 }
  const items = itemsOf(list)
    .map((nodes) => readBlocks(nodes, inner, flow))
    .filter((blocks) => blocks.length > 0)
  if (items.length === 0) return []
  const start = Number.parseInt(attributeOf(list, 'start') || '1', 10)
  const first = start >= 0 && start <= 999_999_999 ? start : 1
  return [{ kind: 'list', start: list.tagName === 'ol' ? first : null, items }]
}

/** Each `<li>` is an item; what stands between them belongs to the one above. */
function itemsOf(list: Element): readonly (readonly Node[])[] {
  const items: Node[][] = []
  for (const node of list.childNodes) {
    const last = items.at(-1)
    if (isElement(node) && node.tagName === 'li') items.push([node])
    else if (last === undefined) items.push([node])
    else last.push(node)
  }
  return items
}

/** A link or an image in it comes below it once more. */
function readCode(element: Element, setting: Setting, flow: Flow): readonly Block[] {
  const line = lineAt(element, flow)
  const runs = [...runsOf(readBlocks(element.childNodes, setting, flow))]
  const below = runs
    .filter((run) => run.kind === 'image' || (run.kind === 'text' && run.link !== null))
    .map((run): Block => ({ kind: 'paragraph', runs: [run], line }))
  const { text, language } = readCodeText(element)
  return text === '' ? below : [{ kind: 'code', text, language }, ...below]
}

function wordsOfForm(form: Element): string {
  const words = textOf(form)
  return words === '' ? '' : `: ${quoted(words)}`
}

/** One image and words below it are an image with a caption; anything else stays as it is. */
function readFigure(blocks: readonly Block[]): readonly Block[] {
  const [first, second, ...rest] = blocks
  const image = first?.kind === 'paragraph' && first.runs.length === 1 ? first.runs[0] : undefined
  if (image?.kind !== 'image') return blocks
  if (second === undefined) return [{ kind: 'figure', image: [image], caption: [] }]
  if (second.kind !== 'paragraph' || rest.length > 0 || second.runs.some(({ kind }) => kind === 'image'))
    return blocks
  return [{ kind: 'figure', image: [image], caption: second.runs }]
}

/** A film or a sound becomes a link to it; its words for browsers that cannot show it are not meant to be read. */
function readPlayer(element: Element, setting: Setting, flow: Flow): readonly Block[] {
  const sources = [element, ...element.childNodes.filter(isElement)].map(
    (each) => attributeOf(each, 'src') || attributeOf(each, 'data'),
  )
  const source = sources.find((each) => each !== '') ?? ''
  const destination = readDestination(source, flow.base)
  if (destination.kind !== 'url') {
    noteAt(element, flow, `<${element.tagName}> was left out; nothing to link to`)
    return []
  }
  const { url } = destination
  const title = cleanText(attributeOf(element, 'title')).text.trim()
  noteAt(element, flow, `<${element.tagName}> cannot be sent; a link to it stands in its place`)
  const runs = tidyRuns([{ kind: 'text', text: title || url, marks: setting.marks, link: url }])
  return [{ kind: 'paragraph', runs, line: lineAt(element, flow) }]
}

function isTooDeep(element: Element, { depth }: Setting, flow: Flow): boolean {
  if (depth < MAX_DEPTH) return false
  noteAt(element, flow, `lists and quotes nest more than ${MAX_DEPTH} deep here; this is written flatter`)
  return true
}

function noteLeftOut(element: Element, flow: Flow): void {
  const words = textOf(element)
  const isSaid = isHidden(element) || ['button', 'textarea', 'select'].includes(element.tagName)
  if (isSaid && words !== '' && !hasClass(element, 'mcnPreviewText'))
    noteAt(
      element,
      flow,
      `${isHidden(element) ? 'hidden words were' : `<${element.tagName}> was`} left out: ${quoted(words)}`,
    )
}
