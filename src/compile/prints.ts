/**
 * What a build is and was made from, in hashes: the part of a manifest that another build can be held against.
 */

import { z } from 'zod'
import type { Sources } from './build.js'
import { canonicalJson } from './canonical.js'
import type { CompiledIssue } from './compiled.js'
import { hashBytes, hashFiles } from './input-files.js'

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** As far as a manifest is read again; all hashes are SHA-256 in hex. */
export const printsSchema = z.object({
  slug: z.string(),
  /** Of the CompiledIssue. */
  hash,
  /** Of its parts, holes open; `headers` is all that goes into a Message's header and none of the others. */
  parts: z.object({ html: hash, text: hash, headers: hash, web: hash, links: hash, images: hash }),
  versions: z.object({ pressrun: z.string(), mjml: z.string() }),
  publicUrl: z.string(),
  /** Not there: opens and clicks. */
  tracking: z.object({ opens: z.boolean(), clicks: z.boolean() }).optional(),
  /** Null for what was stored without its files. */
  sources: z
    .object({
      /** The Template's folder and the shared partials. */
      template: z.object({ name: z.string(), hash }),
      /** `issues/newsletter.yaml` */
      publication: hash,
      /** Each file by its path. */
      files: z.record(z.string(), hash),
    })
    .nullable(),
})

export type Prints = z.infer<typeof printsSchema>

export interface Difference {
  /** `html`, `template`, `versions` … */
  readonly what: string
  readonly was: string
  readonly is: string
}

interface Printed {
  readonly compiled: CompiledIssue
  readonly hash: string
}

export function takePrints({ compiled, hash: whole }: Printed, sources: Sources | null): Prints {
  const { html, text, web, links, images, versions, ...headers } = compiled
  const parts = { html, text, headers, web, links, images }
  const printed = Object.entries(parts).map(([name, part]) => [name, hashBytes(canonicalJson(part))])
  return {
    slug: compiled.slug,
    hash: whole,
    parts: printsSchema.shape.parts.parse(Object.fromEntries(printed)),
    versions,
    publicUrl: compiled.publication.publicUrl,
    ...printTracking(compiled.publication),
    sources: sources === null ? null : printSources(sources),
  }
}

function printTracking({ tracking }: CompiledIssue['publication']): Pick<Prints, 'tracking'> {
  return tracking === undefined ? {} : { tracking: { opens: tracking.opens, clicks: tracking.clicks } }
}

function printSources({ template, files, pictures }: Sources): Prints['sources'] {
  const all = [...files, ...pictures]
  return {
    template: {
      name: template,
      hash: hashFiles(files.filter(({ path }) => path.startsWith('templates/'))),
    },
    publication: files.find(({ path }) => path === 'issues/newsletter.yaml')?.sha256 ?? '',
    files: Object.fromEntries(all.map(({ path, sha256 }) => [path, sha256])),
  }
}

/** What is not the same, parts first; empty when the two builds are one. */
export function comparePrints(kept: Prints, made: Prints): readonly Difference[] {
  return [
    ...Object.entries(kept.parts).flatMap(([part, was]) => {
      const is = new Map<string, string>(Object.entries(made.parts)).get(part) ?? ''
      return differ(part, was, is)
    }),
    ...differ('public URL', kept.publicUrl, made.publicUrl),
    ...differ('version of pressrun', kept.versions.pressrun, made.versions.pressrun),
    ...differ('version of mjml', kept.versions.mjml, made.versions.mjml),
    ...(kept.sources && made.sources ? compareSources(kept.sources, made.sources) : []),
  ]
}

type PrintedSources = NonNullable<Prints['sources']>

function compareSources(kept: PrintedSources, made: PrintedSources): readonly Difference[] {
  const paths = [...new Set([...Object.keys(kept.files), ...Object.keys(made.files)])].sort()
  return [
    ...differ('template', kept.template.name, made.template.name),
    ...(kept.template.name === made.template.name
      ? differ('template', kept.template.hash, made.template.hash)
      : []),
    ...differ('publication', kept.publication, made.publication),
    ...paths.flatMap((file) => differ(file, kept.files[file] ?? 'none', made.files[file] ?? 'none')),
  ]
}

function differ(what: string, was: string, is: string): readonly Difference[] {
  return was === is ? [] : [{ what, was, is }]
}
