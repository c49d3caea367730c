/** Where an Issue's words go: its URLs, and how links and images point in the email and on the web page. */

import type { Issue } from '../issue/issue.js'
import type { MailTracking } from '../issue/tracking.js'
import type { Link } from '../link/link.js'
import { markChoice, markPerson, markToken } from './holed.js'
import type { HtmlImage, HtmlMedium } from './html.js'
import type { IssueImage, IssueImages } from './images.js'
import { markIssueLine } from './issue-lines.js'
import { padButtons } from './outlook-button.js'

/** CSS pixels: the email's sheet is 600 wide, its gutters 20 each; the web page's column 704 less 24 each. */
const EMAIL_IMAGE_WIDTH = 560
const WEB_IMAGE_WIDTH = 656

export interface IssueUrls {
  /** The web page of this Issue. */
  readonly web: string
  /** One person's, with a marker for the Token. */
  readonly unsubscribe: string
  readonly preferences: string
  /** Empty where nobody may comment. */
  readonly comment: string
  /** Empty where opens are not tracked. */
  readonly pixel: string
}

/** `publicUrl` is absolute, without a trailing slash. */
export function issueUrls(
  publicUrl: string,
  { slug, comments, tracking }: Pick<Issue, 'slug' | 'comments' | 'tracking'>,
): IssueUrls {
  const web = pageUrl(publicUrl, slug)
  const leave = markToken('leave')
  return {
    web,
    unsubscribe: `${publicUrl}/u/${leave}`,
    preferences: `${publicUrl}/p/${leave}`,
    comment: comments === 'off' ? '' : `${web}/comment/${leave}`,
    pixel: tracking.opens ? `${publicUrl}/o/${markToken('read')}.gif` : '',
  }
}

/** Where the web page of an Issue is, or will be. */
export function pageUrl(publicUrl: string, slug: string): string {
  return `${publicUrl}/issues/${encodeURIComponent(slug)}`
}

/** `linkUrl` is where a Link of the mail points; an anchor leads to the web page, since few mail readers jump. */
export function emailMedium(
  publicUrl: string,
  images: IssueImages,
  { webUrl, linkUrl }: { readonly webUrl: string; readonly linkUrl: LinkUrl },
): HtmlMedium {
  return {
    ...sharedMedium(publicUrl, images, EMAIL_IMAGE_WIDTH),
    href: (index, original) => {
      if (index !== null) return linkUrl(index)
      return original.startsWith('#') ? webUrl + original : original
    },
    line: markIssueLine,
    finish: padButtons,
  }
}

/** Links are what the editor wrote. */
export function webMedium(publicUrl: string, images: IssueImages): HtmlMedium {
  return {
    ...sharedMedium(publicUrl, images, WEB_IMAGE_WIDTH),
    href: (_index, original) => original,
    linkAttributes: 'rel="noopener"',
    linksNotes: true,
  }
}

function sharedMedium(publicUrl: string, images: IssueImages, maxWidth: number) {
  return {
    image: (source: string, wanted: number | null) => {
      const image = images.get(source)
      if (!image) throw new Error(`image ${source} was not read`)
      return shownImage(publicUrl, image, Math.min(maxWidth, wanted ?? maxWidth))
    },
    person: markPerson,
    choice: markChoice,
  }
}

/** By index. */
export type LinkUrl = (index: number) => string

/** Through the click redirect, with a marker for the Token; where clicks are not tracked, to where the Link leads. */
export function linkUrls(
  publicUrl: string,
  { tracking, links }: { readonly tracking: MailTracking; readonly links: readonly Link[] },
): LinkUrl {
  if (tracking.clicks) return (index) => `${publicUrl}/c/${markToken('read')}/${index}`
  const urls = new Map(links.map(({ index, url }) => [index, url]))
  return (index) => urls.get(index) ?? ''
}

/** At its own size, at most `maxWidth` wide. */
function shownImage(
  publicUrl: string,
  { sha256, ext, width, height }: IssueImage,
  maxWidth: number,
): HtmlImage {
  const scale = Math.min(1, maxWidth / width)
  return {
    url: `${publicUrl}/i/${sha256}.${ext}`,
    width: Math.round(width * scale),
    height: Math.max(1, Math.round(height * scale)),
  }
}
