#!/usr/bin/env node
/**
 * Takes the pictures of tests/golden/screens/ anew: both templates at three widths, by day, by night as written, by night as
 * mail programs force it, without pictures, and without <style>. They are for eyes: look at the difference before you keep them.
 * Needs Chromium and pngquant, and `npm run build` first.
 *
 *   node bin/screens.js             /usr/bin/chromium
 *   node bin/screens.js /path/to/chrome
 */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const screens = path.join(root, 'tests', 'golden', 'screens')
const chrome = process.argv[2] ?? '/usr/bin/chromium'

/** Nobody listens there: every request is answered here. */
const HOME = 'http://127.0.0.1:9'
const WIDTHS = [375, 600, 800]
const MODES = ['light', 'dark', 'forced-dark', 'no-pictures', 'no-style']
const ISSUES = [
  { slug: '2026-04-10-every-element', name: 'digest', widths: WIDTHS, modes: MODES },
  { slug: '2026-04-24-on-waiting', name: 'letter', widths: WIDTHS, modes: MODES },
  { slug: '2026-05-08-the-quays-reopen', name: 'digest-arabic', widths: [375, 600], modes: ['light'] },
]
const WEB_WIDTHS = [375, 800]
/** Few are needed: ink, paper, one accent, and what lies between them. */
const COLOURS = 16
/** CSS pixels; what is longer comes in parts of the same height. */
const MAX_HEIGHT = 2400

const place = mkdtempSync(path.join(tmpdir(), 'pressrun-screens-'))
try {
  cpSync(path.join(root, 'tests/fixtures/press/issues'), path.join(place, 'issues'), { recursive: true })
  cpSync(path.join(root, 'templates'), path.join(place, 'templates'), { recursive: true })
  rmSync(screens, { recursive: true, force: true })
  mkdirSync(screens, { recursive: true })
  const browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox', '--disable-gpu'] })
  for (const issue of ISSUES) await takeIssue(browser, issue)
  await browser.close()
  const files = readdirSync(screens).map((name) => path.join(screens, name))
  run('pngquant', ['--force', '--ext=.png', '--speed=1', '--nofs', '--strip', String(COLOURS), ...files])
} finally {
  rmSync(place, { recursive: true })
}

async function takeIssue(browser, { slug, name, widths, modes }) {
  const out = path.join(place, slug)
  // What a check finds is no matter here: exit code 1 says that there are files and findings.
  run(process.execPath, ['dist/src/cli.js', '--root', place, 'build', slug, '--out', out], [0, 1])
  for (const width of widths) {
    for (const mode of modes) {
      await take(browser, { file: path.join(out, 'email.html'), width, mode, to: `${name}-${width}-${mode}` })
    }
  }
  for (const width of modes === MODES ? WEB_WIDTHS : []) {
    await take(browser, {
      file: path.join(out, 'web.html'),
      width,
      mode: 'light',
      to: `${name}-web-${width}`,
    })
  }
}

async function take(browser, { file, width, mode, to }) {
  const colorScheme = mode === 'dark' ? 'dark' : 'light'
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme })
  const page = await context.newPage()
  const html = readFileSync(file, 'utf8')
  const body = mode === 'no-style' ? html.replace(/<style[\s\S]*?<\/style>/g, '') : html
  const pictures = mode === 'no-pictures' ? new Map() : readPictures()
  await page.route('**/*', (route) => {
    const picture = pictures.get(path.basename(route.request().url()).replace(/\.\w+$/, ''))
    if (route.request().url() === `${HOME}/`)
      return route.fulfill({ contentType: 'text/html; charset=utf-8', body })
    if (picture !== undefined) return route.fulfill({ body: picture })
    return route.abort()
  })
  if (mode === 'forced-dark') {
    // Chromium's own way of darkening what knows nothing of the dark; those of Gmail and Outlook are like it.
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setAutoDarkModeOverride', { enabled: true })
  }
  await page.goto(HOME)
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  const parts = Math.ceil(whole / MAX_HEIGHT)
  const height = Math.ceil(whole / parts)
  for (let part = 0; part < parts; part += 1) {
    const y = part * height
    const clip = { x: 0, y, width, height: Math.min(height, whole - y) }
    const name = parts === 1 ? `${to}.png` : `${to}-${part + 1}.png`
    writeFileSync(path.join(screens, name), await page.screenshot({ fullPage: true, clip }))
  }
  await context.close()
}

/** By the hash of their bytes, as URLs name them. */
function readPictures() {
  const folder = path.join(place, 'issues', 'images')
  const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name)))
  return new Map(files.map((bytes) => [createHash('sha256').update(bytes).digest('hex'), bytes]))
}

function run(command, args, allowed = [0]) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (error !== undefined) throw new Error(`${command} cannot be run`, { cause: error })
  if (!allowed.includes(status ?? -1)) throw new Error(`${path.basename(command)} ended with ${status}`)
}
