/** Reads an issue with all that belongs to it and compiles it: what build, check, send and preview all do first. */

import { InputError, type Problem } from '../errors.js'
import { readFrontMatter } from '../issue/front-matter.js'
import type { Issue } from '../issue/issue.js'
import type { Mailbox, Publication } from '../issue/publication.js'
import { readIssue, readPublication, readWords } from '../issue/read.js'
import { limitTracking, NO_LIMIT, type TrackingLimit } from '../issue/tracking.js'
import type { PastIssue } from './checks/check.js'
import { runChecks } from './checks/checks.js'
import type { Finding } from './checks/finding.js'
import { buildCheckInput } from './checks/input.js'
import { type CompileInput, compileIssue, type TracedCompilation } from './compile.js'
import type { Compilation } from './compiled.js'
import { languagesOf, openDictionaries } from './dictionary.js'
import { type IssueImages, pictureFile, readImages } from './images.js'
import type { InputFile } from './input-files.js'
import { issuesBefore } from './past.js'
import type { Picture } from './picture.js'
import { readTemplate } from './template.js'
import { loadWriteWire } from './wire.js'

export interface BuildInput {
  /** Absolute. */
  readonly root: string
  readonly slugOrPath: string
  /** What the configuration says; wins over newsletter.yaml. */
  readonly publicUrl: string | null
  /** What stands in where neither says, for local use; null: it must be said. */
  readonly local: { readonly publicUrl: string; readonly from: Mailbox } | null
  /** What may be tracked at most; left out, what the files say. */
  readonly tracking?: TrackingLimit
  /** Pressrun's own version. */
  readonly version: string
  /** Absolute path of the module that writes a Message for checks to read. */
  readonly wireModule: string
}

export interface Build {
  /** The issue's file, relative to the root. */
  readonly file: string
  readonly compilation: Compilation
  readonly findings: readonly Finding[]
  readonly sources: Sources
}

/** What it was compiled from, by content. */
export interface Sources {
  /** Name of the Template. */
  readonly template: string
  /** The issue's file, what lies beside it, and the files of the Template and the shared ones. */
  readonly files: readonly InputFile[]
  readonly pictures: readonly InputFile[]
}

export interface BuildContext {
  /** Of the root, as they are now. */
  readonly files: readonly InputFile[]
  readonly past: readonly PastIssue[]
  /** Told before the Template is run: it may have no end. */
  readonly onTemplate: (name: string) => void
}

/**
 * Throws one InputError with what a person must mend in issue, images, newsletter.yaml or template.
 * Loads mjml into this process: `compileApart` does the same apart.
 */
export async function buildIssue(
  input: BuildInput,
  { files, past, onTemplate }: BuildContext,
): Promise<Build> {
  const { wanted, trace, ...compilation } = await pourIssue(input, onTemplate)
  const { issue, publication, images } = wanted
  const { compiled: again } = await compileIssue(wanted)
  const checkable = buildCheckInput({
    issue,
    publication,
    images,
    compilation,
    trace,
    again,
    past: issuesBefore(issue, past),
    words: await readWords(input.root),
    dictionaries: await openDictionaries(languagesOf(issue)),
    isLive: input.local === null,
    writeWire: await loadWriteWire(input.wireModule),
  })
  return {
    file: issue.file,
    compilation,
    findings: runChecks(checkable),
    sources: describeSources(issue.template, files, images),
  }
}

/** Throws as `buildIssue` does; nothing is checked. */
export async function drawIssue(
  input: BuildInput,
  { onTemplate }: Pick<BuildContext, 'onTemplate'>,
): Promise<Picture> {
  const { wanted, trace, ...compilation } = await pourIssue(input, onTemplate)
  const { issue } = wanted
  return {
    file: issue.file,
    source: issue.source,
    compilation,
    lined: trace.html,
    preheader: trace.preheader,
    sections: issue.sections.map(({ heading, line }) => ({ heading, line })),
  }
}

interface Poured extends TracedCompilation {
  readonly wanted: CompileInput
}

async function pourIssue(
  { root, slugOrPath, publicUrl, local, tracking = NO_LIMIT, version }: BuildInput,
  onTemplate: BuildContext['onTemplate'],
): Promise<Poured> {
  const publication = await readPublication(root)
  const written = await readIssue(root, slugOrPath)
  const issue = { ...written, tracking: limitTracking(written.tracking, tracking) }
  onTemplate(issue.template)
  const sender = decideSender(publication, { publicUrl, local })
  const [template, images] = [
    await readTemplate(root, issue.template, namedIn(written)),
    await readImages(root, issue, publication),
  ]
  const wanted = { issue, publication, template, images, version, ...sender }
  return { wanted, ...(await compileIssue(wanted)) }
}

/** Where the name of its Template stands: in its own file, or else in what all issues share. */
function namedIn({ file, source }: Issue): Omit<Problem, 'message'> {
  const { frontMatter, lineOf } = readFrontMatter(file, source)
  return frontMatter.template === null
    ? { where: 'issues/newsletter.yaml', line: null }
    : { where: file, line: lineOf('template') }
}

/** Of all files those that the Issue is made of. */
function describeSources(template: string, files: readonly InputFile[], images: IssueImages): Sources {
  const folders = [`templates/${template}/`, 'templates/partials/']
  const isForeign = (file: string) =>
    file.startsWith('templates/') && !folders.some((folder) => file.startsWith(folder))
  const pictures = [...images].map(([source, { sha256 }]) => ({ path: pictureFile(source), sha256 }))
  return { template, files: files.filter(({ path }) => !isForeign(path)), pictures }
}

/** No guess where a guess can hurt: a real transport needs From and the public URL said. */
function decideSender(
  publication: Publication,
  { publicUrl, local }: Pick<BuildInput, 'publicUrl' | 'local'>,
) {
  const from = publication.from ?? local?.from ?? null
  const base = publicUrl ?? publication.publicUrl ?? local?.publicUrl ?? null
  const where = 'issues/newsletter.yaml'
  const missing = [
    ...(from === null ? ['"from" is missing; write from: Name <address@example.org>'] : []),
    ...(base === null ? ['"public-url" is missing; write it there or set PUBLIC_URL'] : []),
  ]
  if (from === null || base === null) {
    throw new InputError(missing.map((message) => ({ where, line: null, message })))
  }
  return { from, publicUrl: base.replace(/\/+$/, '') }
}
