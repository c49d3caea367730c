/** Chromium on a screen of a size and colour scheme; whatever a page complains of or asks elsewhere is kept. */

import { type Browser, chromium, type Page } from 'playwright-core'

export const EXECUTABLE = process.env.PRESSRUN_TEST_CHROMIUM ?? '/usr/bin/chromium'

/** No sandbox, since CI runs as root; no GPU, and nothing that asks the network by itself. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Screen {
  /** CSS pixels. */
  readonly width: number
  /** 900 when not given. */
  readonly height?: number
  readonly colorScheme: 'light' | 'dark'
  /** Of the browser; English when not given. */
  readonly locale?: string
}

/** A phone and a desk, by day and by night. */
export const SCREENS: readonly Screen[] = [
  { width: 375, colorScheme: 'light' },
  { width: 375, colorScheme: 'dark' },
  { width: 800, colorScheme: 'light' },
  { width: 800, colorScheme: 'dark' },
]

export interface Visit {
  readonly page: Page
  /** Errors of scripts and of the console, and requests that fail or go to another origin than `home`. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** Each test file has its own, with an empty profile. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS })
}

/** A tab that may talk to `home` alone; what it asks of others is refused and noted. */
export async function visit(
  browser: Browser,
  home: string,
  { width, height = 900, colorScheme, locale = 'en-GB' }: Screen,
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale,
    // Nobody waits for a page to glide.
    reducedMotion: 'reduce',
  })
  const complaints: string[] = []
  await context.route(
    (url) => url.origin !== new URL(home).origin,
    (route) => {
      complaints.push(`asks ${route.request().url()}`)
      return route.abort()
    },
  )
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`console: ${message.text()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
  })
  return { page, complaints, close: () => context.close() }
}
