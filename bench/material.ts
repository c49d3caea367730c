/** What the others send: one Message as Pressrun writes it, and the same issue as a template for Handlebars. */

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { compileFor } from '../src/commands/prepare.js'
import type { Hole, Holed } from '../src/compile/compiled.js'
import { readConfig } from '../src/config.js'
import { LINKS, SLUG } from './issue.js'
import { makeRoot } from './root.js'

export interface Material {
  /** RFC 5322 with CRLF. */
  readonly messageFile: string
  /** JSON with `html` and `text`, whose places are `{{name}}` and `{{token}}`. */
  readonly templateFile: string
  readonly htmlBytes: number
  readonly textBytes: number
  readonly messageBytes: number
}

export async function prepareMaterial(folder: string): Promise<Material> {
  // Nothing is sent to this relay: the issue is only compiled as if it were.
  const root = makeRoot(folder, { SMTP_URL: 'smtp://127.0.0.1:9' })
  const out = path.join(root.folder, 'look')
  await root.run('build', SLUG, '--out', out)
  const messageFile = path.join(out, 'message.eml')
  const { compilation } = await compileFor(readConfig({ root: root.folder, env: root.env }), SLUG)
  const { html, text, links } = compilation.compiled
  if (links.length !== LINKS) throw new Error(`the issue has ${links.length} Links, not ${LINKS}`)
  const template = { html: toTemplate(html), text: toTemplate(text) }
  const templateFile = path.join(root.folder, 'template.json')
  writeFileSync(templateFile, JSON.stringify(template))
  return {
    messageFile,
    templateFile,
    htmlBytes: Buffer.byteLength(template.html),
    textBytes: Buffer.byteLength(template.text),
    messageBytes: readFileSync(messageFile).length,
  }
}

function toTemplate(holed: Holed): string {
  return holed.map((piece) => (typeof piece === 'string' ? piece : placeOf(piece))).join('')
}

function placeOf(hole: Hole): string {
  switch (hole.kind) {
    case 'token':
      return '{{token}}'
    case 'person':
      return '{{name}}'
    case 'choice':
      throw new Error('the issue of the bench has no conditional passage')
  }
}
