/** Sections that a bulletin names by their headings: short news, commentary. */

const BRIEFS_HEADING =
  /^(?:in other news|other news|news in brief|in brief|briefs|news briefs|also in the news)$/i
const COMMENTARY_HEADING =
  /^(?:commentary|comment and analysis|commentary and analysis|opinion|opinion and analysis)$/i

/** The kind of Section that `heading` names, with or without a colon; null for any other. */
export function kindOfHeading(heading: string): 'briefs' | 'commentary' | null {
  const name = withoutColon(heading)
  if (BRIEFS_HEADING.test(name)) return 'briefs'
  return COMMENTARY_HEADING.test(name) ? 'commentary' : null
}

export function withoutColon(text: string): string {
  return text.replace(/\s*:$/, '')
}
