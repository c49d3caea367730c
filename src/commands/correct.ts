/**
 * `pressrun correct`: publish the issue as its file is now on its web page, in feeds and search, without sending it. The
 * page says what was corrected and when; whoever has the mail gets there by its "View in browser".
 */

import { findEngine } from '../app/announcement.js'
import type { Store } from '../app/store.js'
import type { Build } from '../compile/build.js'
import { canonicalJson } from '../compile/canonical.js'
import type { CompiledIssue, Holed } from '../compile/compiled.js'
import { escapeText } from '../compile/escape.js'
import { fillHoled } from '../compile/holed.js'
import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import { type Corrected, createCorrection, findPublished, foreseeCorrection } from '../send/correction.js'
import { readCompiled } from '../send/send.js'
import { type ChangedLine, diffLines } from './line-diff.js'
import { compileFor, hasErrors } from './prepare.js'

const MAX_NOTE = 300

export interface CorrectRequest {
  readonly slugOrPath: string
  /** Null for a dry run that has none yet. */
  readonly note: string | null
  readonly isDryRun: boolean
}

export type CorrectAnswer =
  /** The Issue is not fit to be shown; `build` says why. */
  | { readonly kind: 'blocked'; readonly build: Build }
  /** Nothing was done. */
  | { readonly kind: 'refused'; readonly message: string }
  | {
      readonly kind: 'corrected' | 'foreseen'
      readonly slug: string
      readonly hash: string
      readonly hashBefore: string
      readonly changes: readonly ChangedLine[]
      readonly message: string
    }

export async function correctCommand(
  { slugOrPath, note, isDryRun }: CorrectRequest,
  { config, store }: { readonly config: Config; readonly store: Store },
): Promise<CorrectAnswer> {
  const { db, now } = store
  if (note === null && !isDryRun)
    throw new InputError(
      '--note: what was corrected? Readers see it; or --dry-run, to look at the difference',
    )
  const said = note === null ? '' : readNote(note)
  const build = await compileCorrection(slugOrPath, { config, store })
  if (hasErrors(build)) return { kind: 'blocked', build }
  const { compilation } = build
  const { compiled, hash } = compilation
  const pinned = { compilation, content: canonicalJson(compiled) }
  const corrected = isDryRun
    ? foreseeCorrection(await findPublished(db.query, compiled.slug), hash)
    : await createCorrection(db.query, { pinned, note: said, now: now() })
  if (corrected.kind === 'unpublished' || corrected.kind === 'same')
    return { kind: 'refused', message: describeRefusal(corrected, build) }
  const before = await readCompiled(db.query, corrected.hashBefore)
  return {
    kind: isDryRun ? 'foreseen' : 'corrected',
    slug: compiled.slug,
    hash,
    hashBefore: corrected.hashBefore,
    changes: diffLines(textOf(before), textOf(compiled)),
    message: describe(corrected, { compiled, isDryRun }),
  }
}

/** What was not tracked in the version that is out is not in this one either, so that only words make it another. */
async function compileCorrection(
  slugOrPath: string,
  { config, store: { db } }: { readonly config: Config; readonly store: Store },
): Promise<Build> {
  const localUrl = findEngine(config)?.url ?? null
  const build = await compileFor(config, slugOrPath, { localUrl })
  const published = await findPublished(db.query, build.compilation.compiled.slug)
  const newest = published?.versions.at(-1)
  if (newest === undefined) return build
  const { tracking } = (await readCompiled(db.query, newest.hash)).publication
  return tracking === undefined ? build : compileFor(config, slugOrPath, { localUrl, tracking })
}

function readNote(note: string): string {
  const line = escapeText(note).trim()
  const { length } = [...line]
  if (length === 0 || length > MAX_NOTE)
    throw new InputError(`--note: has ${length} characters; say what was corrected in 1 to ${MAX_NOTE}`)
  return line
}

function describeRefusal({ kind }: Corrected, { file, compilation }: Build): string {
  const { slug } = compilation.compiled
  return kind === 'unpublished'
    ? `${slug} was not sent yet, so there is nothing to correct; pressrun send ${slug} --list NAME sends it`
    : `${file} is what the page of ${slug} shows already; change it first`
}

function describe(
  { kind }: Corrected,
  { compiled, isDryRun }: { readonly compiled: CompiledIssue; readonly isDryRun: boolean },
): string {
  const url = `${compiled.publication.publicUrl}/issues/${encodeURIComponent(compiled.slug)}`
  if (kind === 'noted')
    return `${url} ${isDryRun ? 'would say' : 'says'} what was corrected; the version stays`
  return `${url} ${isDryRun ? 'would show' : 'shows'} the corrected issue; nobody ${isDryRun ? 'would be' : 'was'} sent it`
}

/** Title and text part, nobody in particular reading. Where the web is says nothing about the Issue. */
function textOf({ title, text, publication }: CompiledIssue): string {
  const plain = (part: Holed) => fillHoled(part, { value: () => '', token: () => '', escape: escapeText })
  return `${title}\n\n${plain(text)}`.replaceAll(`${publication.publicUrl}/`, '/')
}

export function printChanges(changes: readonly ChangedLine[]): string {
  if (changes.length === 0) return 'no word of it differs; pictures, links or looks may\n'
  return changes.map(({ sign, line }) => `${sign} ${escapeText(line)}\n`).join('')
}
