/** `pressrun build`: one sample copy of a CompiledIssue as files to look at, and a manifest of what it is. */

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Build } from '../compile/build.js'
import { canonicalJson } from '../compile/canonical.js'
import type { Holed } from '../compile/compiled.js'
import { escapeHtml, escapeText } from '../compile/escape.js'
import { fillHoled } from '../compile/holed.js'
import { takePrints } from '../compile/prints.js'
import { InputError, messageOf } from '../errors.js'
import type { Commit } from './git-commit.js'

/** What stands for a Token in the files: no link in them belongs to anyone. */
const SAMPLE_TOKEN = 'sample'

export interface BuildPlace {
  readonly outDir: string
  /** What the files are from; null where nobody knows. */
  readonly commit: Commit | null
}

/**
 * Writes email.html, email.txt, web.html and manifest.json into `outDir`; returns their paths. Same Build, same
 * bytes. Throws InputError when that is no place to write to.
 */
export async function writeBuild(
  build: Pick<Build, 'compilation' | 'sources'>,
  { outDir, commit }: BuildPlace,
): Promise<readonly string[]> {
  const { compiled } = build.compilation
  const html = fillSample(compiled.html, escapeHtml)
  const text = fillSample(compiled.text, escapeText)
  const files: Readonly<Record<string, string>> = {
    'email.html': html,
    'email.txt': text,
    'web.html': compiled.web,
    'manifest.json': `${JSON.stringify(describe(build, { html, text, commit }), null, 2)}\n`,
  }
  try {
    await mkdir(outDir, { recursive: true })
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(outDir, name), content)
  } catch (error) {
    throw new InputError(`--out: ${outDir} is no folder that can be written to (${messageOf(error)})`, {
      cause: error,
    })
  }
  return Object.keys(files).map((name) => path.join(outDir, name))
}

/** A subscriber of whom nothing is known: holes show their fallback. */
function fillSample(holed: Holed, escapeValue: (text: string) => string): string {
  return fillHoled(holed, { value: () => '', token: () => SAMPLE_TOKEN, escape: escapeValue })
}

interface Written {
  readonly html: string
  readonly text: string
  readonly commit: Commit | null
}

/** `--verify` reads the prints again; the rest is for people and for other programs. */
function describe(
  { compilation, sources }: Pick<Build, 'compilation' | 'sources'>,
  { html, text, commit }: Written,
) {
  const { compiled } = compilation
  const { title, number, date, lang, publication, links, images } = compiled
  const { slug, hash, ...prints } = takePrints(compilation, sources)
  return {
    slug,
    title,
    number,
    date,
    lang,
    subject: fillSample(compiled.subject, escapeText),
    hash,
    ...prints,
    commit,
    publication,
    sizes: {
      htmlBytes: Buffer.byteLength(html),
      textBytes: Buffer.byteLength(text),
      webBytes: Buffer.byteLength(compiled.web),
      compiledBytes: Buffer.byteLength(canonicalJson(compiled)),
    },
    links,
    images,
  }
}
