/** An issue of the fixtures as any template shows it, for a browser: its mail and web page, with the pictures behind them. */

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { compileApart } from '../../src/compile/compile-process.js'
import { escapeHtml } from '../../src/compile/escape.js'
import { fillHoled } from '../../src/compile/holed.js'

const REPOSITORY = path.join(import.meta.dirname, '../..')
const PRESS = path.join(REPOSITORY, 'tests/fixtures/press')

/** Nobody listens there: every request is answered by the rig. */
export const HOME = 'http://127.0.0.1:9'

export interface Look {
  readonly email: string
  readonly web: string
  /** By their names in the URL. */
  readonly images: ReadonlyMap<string, Uint8Array>
}

/** `template`: instead of the issue's own. The reader is one of whom nothing is known. */
export async function lookAt(slug: string, template: string | null = null): Promise<Look> {
  const root = mkdtempSync(path.join(tmpdir(), 'pressrun-look-'))
  try {
    cpSync(path.join(PRESS, 'issues'), path.join(root, 'issues'), { recursive: true })
    cpSync(path.join(REPOSITORY, 'templates'), path.join(root, 'templates'), { recursive: true })
    if (template !== null) setTemplate(path.join(root, 'issues', `${slug}.md`), template)
    const { compilation } = await compileApart({
      root,
      slugOrPath: slug,
      publicUrl: HOME,
      local: null,
      version: '0.0.0',
      cacheFolder: null,
      wireModule: path.join(REPOSITORY, 'dist/src/send/sample-message.js'),
    })
    const { compiled, imageBytes } = compilation
    const email = fillHoled(compiled.html, { value: () => '', token: () => 'sample', escape: escapeHtml })
    const images = compiled.images.map(({ sha256, ext }): [string, Uint8Array] => [
      `${sha256}.${ext}`,
      imageBytes.get(sha256) ?? new Uint8Array(),
    ])
    return { email, web: compiled.web, images: new Map(images) }
  } finally {
    rmSync(root, { recursive: true })
  }
}

function setTemplate(file: string, template: string): void {
  const source = readFileSync(file, 'utf8').replace(/^template: .*\n/m, '')
  writeFileSync(file, source.replace('---\n', `---\ntemplate: ${template}\n`))
}

/** Shows a part of a Look in a tab of `visit(browser, HOME, …)`. */
export async function show(page: Page, html: string, images: Look['images']): Promise<void> {
  await page.route(`${HOME}/**`, (route) => {
    const name = path.posix.basename(new URL(route.request().url()).pathname)
    const picture = images.get(name)
    if (name === 'page') return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html })
    if (picture !== undefined) return route.fulfill({ body: Buffer.from(picture) })
    return route.abort()
  })
  await page.goto(`${HOME}/page`)
}
