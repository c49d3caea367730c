/** axe-core in a page: what keeps people out who do not see, or see it otherwise. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const SCRIPT = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const OPTIONS: RunOptions = { resultTypes: ['violations'] }
const GRAVE: ReadonlySet<string> = new Set(['serious', 'critical'])

/** One sentence for each place of a serious or critical violation (`all`: of any); none when the page is fine. */
export async function findBarriers(page: Page, which: 'grave' | 'all' = 'grave'): Promise<readonly string[]> {
  await page.evaluate(SCRIPT)
  const { violations } = await page.evaluate((options) => axe.run(document, options), OPTIONS)
  return violations
    .filter(({ impact }) => which === 'all' || GRAVE.has(impact ?? ''))
    .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`))
}

/** The script makes itself known to the page. */
declare const axe: typeof import('axe-core')
