/**
 * The web page of an Issue: the Template's web.hbs, whole in one file. Links are the originals, a hole shows its
 * fallback and a conditional passage what it says to those without the value: nobody in particular is reading.
 */

import { escapeHtml } from './escape.js'
import { fillHoled, parseHoled } from './holed.js'
import { tidyHtml } from './mjml.js'
import { widenPassages } from './passage-rows.js'
import type { Template, TemplateData } from './template.js'

/** Throws InputError naming file and line of a misspelt variable. */
export function writeWeb(template: Template, data: TemplateData): string {
  const holed = parseHoled(widenPassages(tidyHtml(template.web(data))))
  return fillHoled(holed, { value: () => '', token: () => '', escape: escapeHtml })
}
