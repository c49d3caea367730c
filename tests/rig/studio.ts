/** The studio in this process, on a folder of its own with our own issues and templates; and Chromium before it. */

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { openPreview } from '../../src/commands/preview.js'
import { readConfig } from '../../src/config.js'
import { openLog } from '../../src/log.js'
import { openBrowser, type Screen, type Visit, visit } from './browser.js'

const REPOSITORY = path.join(import.meta.dirname, '../..')

export interface TestStudio {
  /** `http://127.0.0.1:43220` */
  readonly url: string
  readonly root: string
  /** Below the root; folders are made as they are needed. */
  readonly write: (file: string, text: string | Uint8Array) => void
  /** Writes a file anew from what it holds; nothing when it is not there yet. */
  readonly edit: (file: string, change: (text: string) => string) => void
  /** One of our own folders, as it is in the repository. */
  readonly take: (folder: Folder) => void
  /** Opened by the first page, and ended with the studio. */
  readonly browser: () => Promise<Browser>
  /** Ends the server alone; what comes back starts one at the same address. */
  readonly stop: () => Promise<() => Promise<void>>
  readonly close: () => Promise<void>
}

type Folder = 'issues' | 'templates'

export interface TestStudioOptions {
  /** Those that are there from the start; both when not given. */
  readonly folders?: readonly Folder[]
  /** Written before it starts, by their names below the root. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** All the environment there is. */
  readonly env?: Readonly<Record<string, string>>
}

export async function openTestStudio({
  folders = ['issues', 'templates'],
  files = {},
  env = {},
}: TestStudioOptions = {}): Promise<TestStudio> {
  const root = mkdtempSync(path.join(tmpdir(), 'pressrun-studio-'))
  const take: TestStudio['take'] = (folder) =>
    cpSync(path.join(REPOSITORY, folder), path.join(root, folder), { recursive: true })
  folders.forEach(take)
  const write: TestStudio['write'] = (file, text) => {
    const target = path.join(root, file)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
  for (const [file, text] of Object.entries(files)) write(file, text)
  const config = readConfig({ root, env: { STUDIO_PORT: '0', ...env } })
  let studio = await openPreview(config, openLog('error'))
  const { url } = studio
  let browser: Promise<Browser> | null = null
  return {
    url,
    root,
    write,
    edit(file, change) {
      const target = path.join(root, file)
      write(file, change(existsSync(target) ? readFileSync(target, 'utf8') : ''))
    },
    take,
    browser() {
      browser ??= openBrowser()
      return browser
    },
    async stop() {
      await studio.close()
      return async () => {
        const samePort = readConfig({ root, env: { ...env, STUDIO_PORT: new URL(url).port } })
        studio = await openPreview(samePort, openLog('error'))
      }
    },
    async close() {
      await (await browser)?.close()
      await studio.close()
      removeFolder(root)
    },
  }
}

/** A check that is still under way keeps what it has built, in the middle of this. */
function removeFolder(folder: string, triesLeft = 5): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch (error) {
    if (triesLeft === 0) throw error
    removeFolder(folder, triesLeft - 1)
  }
}

/** `at`: `/issues/SLUG`. The tab may talk to this studio alone. */
export async function openStudioPage(
  studio: TestStudio,
  { at = '/', ...screen }: Partial<Screen> & { readonly at?: string } = {},
): Promise<Visit> {
  const visited = await visit(await studio.browser(), studio.url, {
    width: 1280,
    colorScheme: 'light',
    ...screen,
  })
  await visited.page.goto(`${studio.url}${at}`)
  return visited
}
