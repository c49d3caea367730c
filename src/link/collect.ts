/** The Links of an Issue, as its tokens number them. */

import type { Issue, Prose, Section } from '../issue/issue.js'
import { linkIndexOf, urlOf } from '../issue/links.js'
import { plainText } from '../issue/walk.js'
import type { Link } from './link.js'

/** Every http(s) link of the Issue's text, by index. Authors' own links are not counted: they lead to no reading. */
export function collectLinks(issue: Issue): readonly Link[] {
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

function linksOf(prose: Prose, section: Pick<Section, 'id' | 'heading'>): readonly Link[] {
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
          url: urlOf(token),
          section: section.id,
          heading: section.heading,
          text: plainText(words) || plainText(words.flatMap((word) => word.children ?? [])),
        },
      ]
    })
  })
}
