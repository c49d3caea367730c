#!/usr/bin/env node
/**
 * Takes the pictures of templates/digest/pictures/ anew: the newest issue as a mail on a desk and on a phone, and by night;
 * and those of src/web/studio/pictures/: the preview of it by day and by night. Needs Chromium, and `npm run build` first; pngquant makes the files small where it is installed.
 *
 *   node bin/pictures.js            /usr/bin/chromium
 *   node bin/pictures.js /path/to/chrome
 */

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const pictures = path.join(root, 'templates', 'digest', 'pictures')
const studioPictures = path.join(root, 'src', 'web', 'studio', 'pictures')
const chrome = process.argv[2] ?? '/usr/bin/chromium'

/** Sizes in CSS pixels; twice as many dots, for screens that have them. */
const SHOTS = [
  { name: 'desk', file: 'email.html', width: 680, height: 1100, colorScheme: 'light' },
  { name: 'phone', file: 'email.html', width: 375, height: 1188, colorScheme: 'light' },
  { name: 'phone-dark', file: 'email.html', width: 375, height: 1188, colorScheme: 'dark' },
]

const READERS = [
  { label: 'Everything known', values: { name: 'Tamsin Okoro', city: 'Port Aldous' } },
  {
    label: 'Right to left',
    values: { name: '\u0641\u0627\u0637\u0645\u0629 \u0627\u0644\u0632\u0647\u0631\u0627\u0621' },
  },
]
const STUDIO_SHOTS = [
  { name: 'day', query: { width: '600' }, width: 1280, height: 860, colorScheme: 'light' },
  {
    name: 'night',
    query: { width: '375', light: 'fully', holes: '1', readers: JSON.stringify(READERS) },
    width: 1280,
    height: 860,
    colorScheme: 'dark',
  },
]

const built = mkdtempSync(path.join(tmpdir(), 'pressrun-pictures-'))
try {
  run(process.execPath, ['dist/src/cli.js', 'build', newestIssue(), '--out', built])
  mkdirSync(pictures, { recursive: true })
  mkdirSync(studioPictures, { recursive: true })
  await takePictures()
  await takeStudioPictures()
  const files = [
    ...SHOTS.map(({ name }) => path.join(pictures, `${name}.png`)),
    ...STUDIO_SHOTS.map(({ name }) => path.join(studioPictures, `${name}.png`)),
  ]
  const { error } = spawnSync('pngquant', ['--force', '--ext=.png', '--quality=70-95', '--strip', ...files])
  if (error)
    process.stderr.write('pictures: pngquant is not installed; the files are larger than they need be\n')
} finally {
  rmSync(built, { recursive: true })
}

/** The slug that sorts last: slugs begin with their date. */
function newestIssue() {
  const slugs = readdirSync(path.join(root, 'issues')).filter((name) => /^\d{4}-.*\.md$/.test(name))
  return slugs.sort().at(-1).replace(/\.md$/, '')
}

async function takePictures() {
  const browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox', '--disable-gpu'] })
  for (const { name, file, width, height, colorScheme } of SHOTS) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor: 2 })
    await page.goto(pathToFileURL(path.join(built, file)).href)
    await page.screenshot({ path: path.join(pictures, `${name}.png`) })
    await page.close()
  }
  await browser.close()
}

async function takeStudioPictures() {
  const studio = spawn(process.execPath, ['dist/src/cli.js', 'preview', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [url] = await once(studio.stdout, 'data')
  const browser = await chromium.launch({ executablePath: chrome, args: ['--no-sandbox', '--disable-gpu'] })
  for (const { name, query, width, height, colorScheme } of STUDIO_SHOTS) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor: 2 })
    await page.goto(
      `${new URL(String(url).trim()).origin}/issues/${newestIssue()}?${new URLSearchParams(query)}`,
    )
    await page.locator('iframe').last().contentFrame().locator('h1').first().waitFor()
    await page.getByText('where Gmail cuts').first().waitFor()
    await page.screenshot({ path: path.join(studioPictures, `${name}.png`) })
    await page.close()
  }
  await browser.close()
  studio.kill()
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${path.basename(command)} ${args.join(' ')} ended with ${status}`)
}
