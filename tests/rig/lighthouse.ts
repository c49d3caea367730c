/** Lighthouse on a page: the four scores and the weight. Performance is simulated on a slow phone, so a busy machine matters little. */

import lighthouse from 'lighthouse'
import { chromium } from 'playwright-core'
import { EXECUTABLE, FLAGS } from './browser.js'
import { freePort } from './free-port.js'

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const
type Category = (typeof CATEGORIES)[number]

export interface Judgement {
  /** 0 to 100. */
  readonly scores: Readonly<Record<Category, number>>
  /** What costs points: `color-contrast: Background and foreground …`. */
  readonly complaints: readonly string[]
  /** Bytes over the wire, without pictures. */
  readonly weight: number
}

export interface Lighthouse {
  /** `skip`: audits that the page is meant to fail. */
  judge(url: string, skip?: readonly string[]): Promise<Judgement>
  close(): Promise<void>
}

export async function openLighthouse(): Promise<Lighthouse> {
  const port = await freePort()
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: [...FLAGS, `--remote-debugging-port=${port}`],
  })
  return {
    async judge(url, skip = []) {
      const result = await lighthouse(url, {
        port,
        output: 'json',
        logLevel: 'silent',
        onlyCategories: [...CATEGORIES],
        skipAudits: [...skip],
      })
      if (result === undefined) throw new Error(`Lighthouse says nothing of ${url}`)
      return read(result.lhr)
    },
    close: () => browser.close(),
  }
}

type Report = NonNullable<Awaited<ReturnType<typeof lighthouse>>>['lhr']

function read({ categories, audits, runtimeError }: Report): Judgement {
  if (runtimeError) throw new Error(`Lighthouse: ${runtimeError.message}`)
  const score = (category: Category) => Math.round((categories[category]?.score ?? 0) * 100)
  const weighty = CATEGORIES.flatMap((category) => categories[category]?.auditRefs ?? [])
    .filter(({ weight }) => weight > 0)
    .flatMap(({ id }) => audits[id] ?? [])
  return {
    scores: {
      performance: score('performance'),
      accessibility: score('accessibility'),
      'best-practices': score('best-practices'),
      seo: score('seo'),
    },
    complaints: weighty
      .filter((audit) => audit.score !== null && audit.score < 0.9)
      .map((audit) => `${audit.id}: ${audit.title} ${audit.displayValue ?? ''}`),
    weight: weightOf(audits['network-requests']?.details),
  }
}

function weightOf(details: unknown): number {
  const { items } = Object(details) as {
    readonly items?: readonly { readonly resourceType?: string; readonly transferSize?: number }[]
  }
  if (items === undefined || items.length === 0) throw new Error('Lighthouse saw no request')
  return items
    .filter(({ resourceType }) => resourceType !== 'Image')
    .reduce((sum, { transferSize = 0 }) => sum + transferSize, 0)
}
