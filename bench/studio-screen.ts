/// <reference lib="dom" />

/** Chromium before a studio, and when it has painted what. Times are ms since 1970 with fractions, of this machine's one clock. */

import type { Page } from 'playwright-core'
import { openBrowser } from '../tests/rig/browser.js'

export interface Screen {
  /** Resolves with when a picture that holds these words was loaded and two frames were drawn after. */
  readonly shows: (words: string) => Promise<number>
  readonly close: () => Promise<void>
}

export async function openScreen(url: string): Promise<Screen> {
  const browser = await openBrowser()
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  await page.goto(url)
  return { shows: (words) => whenPainted(page, words), close: () => browser.close() }
}

function whenPainted(page: Page, words: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (!isShown(wanted)) requestAnimationFrame(look)
          else
            requestAnimationFrame(() =>
              requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())),
            )
        }
        look()

        function isShown(text: string): boolean {
          return [...document.querySelectorAll('iframe')].some((frame) => {
            const shown = frame.contentDocument
            return (
              frame.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
              shown?.readyState === 'complete' &&
              shown.body.textContent?.includes(text) === true
            )
          })
        }
      }),
    words,
  )
}
