/** The publication and its brand, as Templates are given them. */

import Handlebars from 'handlebars'
import { parseFooter } from '../issue/footer.js'
import { directionOf } from '../issue/language.js'
import type { Brand, Logo, Publication } from '../issue/publication.js'
import { type HtmlMedium, renderHtml } from './html.js'
import type { TemplateData } from './template.js'

/** `lang` is the Issue's. */
export function publicationData(publication: Publication, lang: string, medium: HtmlMedium): TemplateData {
  const { name, tagline, postalAddress, brand } = publication
  return {
    name,
    tagline,
    postalAddress,
    dir: directionOf(publication.lang),
    logo: logoData(brand.logo, medium),
    logoIsName: brand.logo?.isName ?? false,
    footer: brand.footer.map(
      (line) => new Handlebars.SafeString(renderHtml(parseFooter(line, lang), medium)),
    ),
  }
}

function logoData(logo: Logo | null, medium: HtmlMedium): TemplateData | null {
  if (logo === null) return null
  const darkUrl = logo.darkFile === null ? null : medium.image(logo.darkFile, null).url
  return { ...medium.image(logo.file, logo.width), darkUrl }
}

/** Font lists were read name by name; their quotes shall stay quotes in CSS. */
export function brandData({ accent, accentDark, fontHeading, fontText }: Brand): TemplateData {
  return {
    accent,
    accentDark,
    fontHeading: new Handlebars.SafeString(fontHeading),
    fontText: new Handlebars.SafeString(fontText),
  }
}
