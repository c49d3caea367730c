/** The Links of an Issue, as its tokens number them. */

import { hasUtm } from '../issue/attributes.js'
import type { Issue, Prose, Section } from '../issue/issue.js'
import { linkIndexOf, urlOf } from '../issue/links.js'
import { plainText } from '../issue/walk.js'
import type { Link } from './link.js'
import { addUtm } from './utm.js'

/**
 * Every http(s) link of the Issue's text, by index, with the UTM parameters that it gets. Authors' own links are not
 * counted: they lead to no reading.
 */
export function collectLinks(issue: Issue, publicUrl: string): readonly Link[] {
  const tag = (url: string, section: string) =>
    issue.utm === null
      ? url
      : addUtm(url, {
          utm: issue.utm,
          places: { issue: issue.slug, number: String(issue.number ?? ''), section },
          publicUrl,
        })
  const linksOf = (prose: Prose, section: Pick<Section, 'id' | 'heading'>) => linksIn(prose, section, tag)
  const opening = linksOf(issue.opening, { id: '', heading: '' })
  const sections = issue.sections.flatMap((section) =>
    prosesOf(section).flatMap((prose) => linksOf(prose, section)),
  )
  return [...opening, ...sections]
}

/** The parts of a Section in reading order. */
export function prosesOf(section: Section): readonly Prose[] {
  if (section.kind === 'briefs') return section.items
  if (section.kind === 'commentary') return section.entries.map(({ body }) => body)
  return [section.body]
}

function linksIn(
  prose: Prose,
  section: Pick<Section, 'id' | 'heading'>,
  tag: (url: string, section: string) => string,
): readonly Link[] {
  return prose.flatMap(({ children }) => {
    const inline = children ?? []
    return inline.flatMap((token, position) => {
      const index = linkIndexOf(token)
      if (index === null) return []
      const rest = inline.slice(position + 1)
      const words = rest.slice(
        0,
        rest.findIndex(({ type }) => type === 'link_close'),
      )
      return [
        {
          index,
          url: hasUtm(token) ? tag(urlOf(token), section.id) : urlOf(token),
          section: section.id,
          heading: section.heading,
          text: plainText(words) || plainText(words.flatMap((word) => word.children ?? [])),
        },
      ]
    })
  })
}
