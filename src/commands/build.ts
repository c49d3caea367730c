/** `pressrun build`: one sample copy of a CompiledIssue as files to look at, and a manifest of what it is. */

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { canonicalJson } from '../compile/canonical.js'
import type { Compilation, Holed } from '../compile/compiled.js'
import { escapeHtml, escapeText } from '../compile/escape.js'
import { fillHoled } from '../compile/holed.js'
import { InputError, messageOf } from '../errors.js'

/** What stands for a Token in the files: no link in them belongs to anyone. */
const SAMPLE_TOKEN = 'sample'

/**
 * Writes email.html, email.txt, web.html and manifest.json into `outDir`; returns their paths. Same Compilation, same
 * bytes. Throws InputError when that is no place to write to.
 */
export async function writeBuild(compilation: Compilation, outDir: string): Promise<readonly string[]> {
  const { compiled } = compilation
  const html = fillSample(compiled.html, escapeHtml)
  const text = fillSample(compiled.text, escapeText)
  const files: Readonly<Record<string, string>> = {
    'email.html': html,
    'email.txt': text,
    'web.html': compiled.web,
    'manifest.json': `${JSON.stringify(describeBuild(compilation, { html, text }), null, 2)}\n`,
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

function describeBuild({ compiled, hash }: Compilation, { html, text }: { html: string; text: string }) {
  const subject = fillSample(compiled.subject, escapeText)
  const { slug, title, number, date, lang, publication, links, images, versions } = compiled
  return {
    slug,
    title,
    number,
    date,
    lang,
    subject,
    hash,
    versions,
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
