/** What checks look at, of an issue that a test writes: read, compiled and sampled as `pressrun check` does it. */

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Check, CheckInput, PastIssue } from '../../src/compile/checks/check.js'
import { buildCheckInput } from '../../src/compile/checks/input.js'
import { parsePage, parseStyles } from '../../src/compile/checks/page.js'
import { compileIssue } from '../../src/compile/compile.js'
import { languagesOf, openDictionaries } from '../../src/compile/dictionary.js'
import { readImages } from '../../src/compile/images.js'
import { readTemplate } from '../../src/compile/template.js'
import { readIssue, readPublication, readWords } from '../../src/issue/read.js'
import { writeSampleWire } from '../../src/send/sample-message.js'

const REPOSITORY = path.join(import.meta.dirname, '../..')
const PUBLICATION = `name: The Tide
from: The Tide <tide@example.org>
postal-address:
  - 4 Signal House
  - Norhaven NH2 7XY
language: en-GB
public-url: https://tide.example.org
`
const SLUG = '2026-03-13-tide'

export interface ProofOptions {
  /** Front matter beside `title` and `date`, in lines; may give them anew. */
  readonly front?: string
  /** What stands below the front matter, which ends on line 4 where `front` is empty. */
  readonly body?: string
  /** The whole newsletter.yaml. */
  readonly publication?: string
  /** Files under `templates/` that are other than the project's, by their path there. */
  readonly templates?: Readonly<Record<string, string>>
  /** Files under `issues/images/`. */
  readonly images?: Readonly<Record<string, Uint8Array>>
  readonly past?: readonly PastIssue[]
  /** Lines of `issues/words.txt`. */
  readonly words?: readonly string[]
  readonly isLive?: boolean
}

/** Throws the InputError that the issue, the pictures or the template are good for. */
export async function proofOf(options: ProofOptions = {}): Promise<CheckInput> {
  const root = mkdtempSync(path.join(tmpdir(), 'pressrun-proof-'))
  try {
    layOut(root, options)
    const { past = [], isLive = true } = options
    return { ...(await inputOf({ root, slug: SLUG, templatesIn: root })), past, isLive }
  } finally {
    rmSync(root, { recursive: true })
  }
}

/** What checks look at, of an issue that lies in a root. */
export async function inputOf({
  root,
  slug,
  template,
  templatesIn = REPOSITORY,
}: {
  readonly root: string
  readonly slug: string
  /** Other than its own. */
  readonly template?: string
  /** The root whose templates are taken. */
  readonly templatesIn?: string
}): Promise<CheckInput> {
  const publication = await readPublication(root)
  const issue = await readIssue(root, slug)
  const images = await readImages(root, issue, publication)
  const { trace, ...compilation } = await compileIssue({
    issue,
    publication,
    from: publication.from ?? { name: 'The Tide', address: 'tide@example.org' },
    publicUrl: publication.publicUrl ?? 'https://tide.example.org',
    template: await readTemplate(templatesIn, template ?? issue.template),
    images,
    version: '0.0.0',
  })
  return buildCheckInput({
    issue,
    publication,
    images,
    compilation,
    trace,
    again: compilation.compiled,
    past: [],
    words: await readWords(root),
    dictionaries: await openDictionaries(languagesOf(issue)),
    isLive: true,
    writeWire: writeSampleWire,
  })
}

/** The same input as if the template had this HTML for the worst reader, on no line of its own or of the issue. */
export function withHtml(input: CheckInput, html: string): CheckInput {
  const page = parsePage({ text: html, turns: [] })
  const worst = { ...input.worst, html }
  const file = `templates/${input.issue.template}/email.mjml`
  const placeOf = (written: string) => (html.includes(written) ? { file, line: null } : null)
  return { ...input, copies: [worst], worst, page, styles: parseStyles(page), placeOf }
}

/** What one check says, as `error 7: message; hint`; `-` where there is no line. */
export function runCheck(checks: readonly Check[], id: string, input: CheckInput): readonly string[] {
  const check = checks.find((one) => one.id === id)
  if (check === undefined) throw new Error(`there is no check ${id}`)
  return check.run(input).map(({ severity, line, message, hint }) => {
    if (!check.severities.includes(severity))
      throw new Error(`${id} does not list that it finds ${severity}s`)
    return `${severity} ${line ?? '-'}: ${message}; ${hint}`
  })
}

function layOut(
  root: string,
  { front = '', body, publication, templates = {}, images = {}, words = [] }: ProofOptions,
) {
  cpSync(path.join(REPOSITORY, 'templates'), path.join(root, 'templates'), { recursive: true })
  for (const [name, content] of Object.entries(templates))
    writeFileSync(path.join(root, 'templates', name), content)
  mkdirSync(path.join(root, 'issues/images'), { recursive: true })
  for (const [name, bytes] of Object.entries(images))
    writeFileSync(path.join(root, 'issues/images', name), bytes)
  writeFileSync(path.join(root, 'issues/newsletter.yaml'), publication ?? PUBLICATION)
  writeFileSync(path.join(root, 'issues/words.txt'), words.join('\n'))
  writeFileSync(path.join(root, 'issues', `${SLUG}.md`), writeIssue(front, body))
}

function writeIssue(front: string, body = '\n## Locks\n\nThe locks were closed at noon.\n'): string {
  const given = front.trim() === '' ? [] : front.trim().split('\n')
  const isGiven = (key: string) => given.some((line) => line.startsWith(`${key}:`))
  const defaults = ['title: High water', 'date: 2026-03-13'].filter(
    (line) => !isGiven(line.slice(0, line.indexOf(':'))),
  )
  return `---\n${[...defaults, ...given].join('\n')}\n---\n${body}`
}
