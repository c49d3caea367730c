/** What a test has on screen, for whoever wants to look: as NAME.png in the folder that PRESSRUN_TEST_PICTURES names, else nowhere. */

import path from 'node:path'
import type { Page } from 'playwright-core'

const FOLDER = process.env.PRESSRUN_TEST_PICTURES

export const arePicturesKept = FOLDER !== undefined

/** What is on screen. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (FOLDER !== undefined) await page.screenshot({ path: fileOf(FOLDER, name) })
}

/** All of the page, as long as it is. */
export async function keepWholePicture(page: Page, name: string): Promise<void> {
  if (FOLDER !== undefined) await page.screenshot({ path: fileOf(FOLDER, name), fullPage: true })
}

function fileOf(folder: string, name: string): string {
  return path.join(folder, `${name}.png`)
}
