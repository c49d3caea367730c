/**
 * MJML to HTML. mjml is loaded on first use (it takes 0.5 s and 100 MB, and reads `.mjmlconfig` in the current
 * folder: run this in a process whose folder is ours). What mjml drops in silence (unclosed tags, text outside
 * mj-text, mj-include) is an error here.
 */

import { createRequire } from 'node:module'
import type { MJMLJsonObject } from 'mjml-core'
import { InputError, messageOf, type Problem } from '../errors.js'
import type { MjmlNode } from './checks/check.js'
import { dropIssueLines } from './issue-lines.js'
import { checkStructure, type Fault } from './mjml-structure.js'
import type { MarkedText } from './template-lines.js'

/** mjml keeps what stands in these as it is; in all others bare text is lost. */
const TEXT_TAGS = new Set(
  'mj-text mj-raw mj-button mj-table mj-style mj-title mj-preview mj-html-attribute mj-navbar-link mj-social-element'.split(
    ' ',
  ),
)
const MJ_TAG = /<(\/?)(mjml|mj-[a-z-]+)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/?)>/g
/** A template that is wrong in one way is wrong in each of a hundred Sections. */
const MAX_PROBLEMS = 20
/** What a hole is while MJML reads it: where a colour should be, it comes back in MJML's own words. */
const HOLE_MARK = /\ue000[^\ue001]*\ue001/g
const COMMENT = /<!--[\s\S]*?-->/g
/** Any comment but Outlook's conditional ones: `<!--[if mso]>`, `<!--[if !mso]><!-->`, `<!--<![endif]-->`. */
const NOTE = /<!--(?!\[if |<!\[endif\]|>)[\s\S]*?-->/g

/** The version that compiles here, for the CompiledIssue. */
export function mjmlVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('mjml/package.json')
  return manifest !== null && typeof manifest === 'object' && 'version' in manifest
    ? String(manifest.version)
    : ''
}

export interface RenderedMjml {
  /** Whole HTML of a mail, indentation stripped; marks of holes and lines are still in it. */
  readonly html: string
  readonly tree: MjmlNode
}

/** Throws one InputError with every problem's template file and line. */
export async function renderMjml({ text, originOf }: MarkedText): Promise<RenderedMjml> {
  const found = [...checkStructure(text), ...checkTags(text)]
  if (found.length > 0) throw inputError(found, originOf)
  const { html, json, errors } = await callMjml(text, originOf)
  const invalid = errors.map(
    ({ line, tagName, message }): Fault => ({ id: 'C01', line, message: `<${tagName}>: ${message}` }),
  )
  const problems = [...invalid, ...findBareText(json)]
  if (problems.length > 0) throw inputError(problems, originOf)
  return { html: tidyHtml(html), tree: treeOf(json, originOf) }
}

async function callMjml(text: string, originOf: MarkedText['originOf']) {
  const { default: mjml2html } = await import('mjml')
  try {
    return await mjml2html(text, {
      // The defaults link Google Fonts and send the editors' comments.
      fonts: {},
      keepComments: false,
      validationLevel: 'soft',
      ignoreIncludes: true,
      minify: false,
      beautify: false,
      // By default `height: auto` is written over a picture's own height, which Outlook goes by.
      juiceOptions: { applyHeightAttributes: false },
    })
  } catch (error) {
    // Too deep or too long is told by whoever limits it.
    if (error instanceof RangeError) throw error
    const { where } = originOf(1)
    const message = `MJML cannot read what this makes: ${messageOf(error)}`
    throw new InputError([{ where, line: null, message }], { cause: error })
  }
}

function inputError(faults: readonly Fault[], originOf: MarkedText['originOf']): InputError {
  const problems: Problem[] = faults.map(({ id, line, message }) => ({
    ...originOf(line),
    id,
    message: dropIssueLines(message).replace(HOLE_MARK, '{{…}}'),
  }))
  // A partial used ten times says the same thing ten times.
  const unique = [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
  const more = unique.length - MAX_PROBLEMS
  if (more <= 0) return new InputError(unique)
  const { where } = originOf(1)
  const message = `there are ${more} more like these; mend the first ones and look again`
  return new InputError([...unique.slice(0, MAX_PROBLEMS), { where, line: null, message }])
}

/** Every mj- tag is closed, in order, and nothing is included. */
function checkTags(mjml: string): readonly Fault[] {
  const found: Fault[] = []
  const open: { tag: string; line: number }[] = []
  const lineAt = lineCounter(mjml)
  // Comments may hold anything; blanks of the same length keep the places of what follows.
  const text = mjml.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ' '))
  for (const { 1: closing, 2: tag = '', 4: selfClosing, index } of text.matchAll(MJ_TAG)) {
    const line = lineAt(index)
    if (tag === 'mj-include') {
      if (closing === '')
        found.push({ id: 'C04', line, message: '<mj-include> is not read here; write {{> name}}' })
    } else if (closing === '/') {
      const last = open.at(-1)
      if (last?.tag !== tag) {
        found.push({
          id: 'C02',
          line,
          message: `</${tag}> closes ${last ? `<${last.tag}>, which is still open` : 'nothing'}`,
        })
      }
      if (open.some((opened) => opened.tag === tag)) while (open.pop()?.tag !== tag);
    } else if (selfClosing !== '/') {
      open.push({ tag, line })
    }
  }
  return [
    ...found,
    ...open.map(({ tag, line }): Fault => ({ id: 'C02', line, message: `<${tag}> is never closed` })),
  ]
}

/** Counts lines up to places that only ever lie further on. */
function lineCounter(text: string): (index: number) => number {
  let line = 1
  let counted = 0
  return (index) => {
    for (; counted < index; counted += 1) if (text[counted] === '\n') line += 1
    return line
  }
}

/** mjml's types leave out what its parser adds to every node. */
type Node = MJMLJsonObject & { readonly line?: number; readonly content?: string; readonly children?: Node[] }

function findBareText(node: Node): readonly Fault[] {
  if (TEXT_TAGS.has(node.tagName)) return []
  const content = node.content?.trim() ?? ''
  const here =
    content === ''
      ? []
      : [
          {
            id: 'C03' as const,
            line: node.line ?? 1,
            message: `<${node.tagName}> holds bare text "${content.slice(0, 40)}"; put it into <mj-text>`,
          },
        ]
  return [...here, ...(node.children ?? []).flatMap(findBareText)]
}

/** What the template wrote: mjml adds its defaults to another tree. */
function treeOf({ tagName, attributes, line, children }: Node, originOf: MarkedText['originOf']): MjmlNode {
  const written = Object.entries(attributes ?? {})
  return {
    tag: tagName,
    attributes: Object.fromEntries(written.map(([name, value]) => [name, dropIssueLines(String(value))])),
    ...originOf(line ?? 1),
    children: (children ?? []).map((child) => treeOf(child, originOf)),
  }
}

/**
 * Drops editors' notes, indentation and blank lines, a quarter of the bytes, and leaves everything within <pre> and
 * every other line break where MJML put it: Outlook minds them in its conditional comments.
 */
export function tidyHtml(html: string): string {
  return html
    .replace(NOTE, '')
    .split(/(<pre\b[\s\S]*?<\/pre>)/)
    .map((run, index) => (index % 2 === 1 ? run : run.replace(/[ \t\r]*\n[ \t\r\n]*/g, '\n')))
    .join('')
    .trim()
    .concat('\n')
}
