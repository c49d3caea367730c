/** M03 and M04: where an image comes from, and of what kind it is. */

import type { Check, CheckInput, Found, PageElement } from './check.js'
import { inlineStylesOf } from './declarations.js'
import { placeOfElement } from './place.js'

interface Source {
  readonly url: string
  readonly element: PageElement
}

const M03: Check = {
  id: 'M03',
  title: 'images are fetched over https',
  isWaivable: false,
  severities: ['error'],
  run: (input) =>
    sourcesOf(input).flatMap(({ url, element }) => {
      const fault = faultOfUrl(url, input)
      if (fault === null) return []
      return [
        {
          severity: 'error' as const,
          message: `an image ${fault}`,
          hint: 'use an address that begins with https://, or a file in issues/images',
          ...placeOfElement(input, element, [url]),
        },
      ]
    }),
}

function faultOfUrl(url: string, { isLive, compiled }: CheckInput): string | null {
  if (url === '') return 'has no address'
  if (/^https:\/\/[^/]+/i.test(url)) return null
  if (/^data:/i.test(url)) return 'stands in the mail as data:, which Gmail does not show'
  if (/^cid:/i.test(url)) return `is ${url}, and no message of ours has attachments`
  if (!/^http:/i.test(url)) return `"${url.slice(0, 60)}" is no whole address`
  // Where nothing leaves this machine, its own pictures come from here.
  const isOwn = url.startsWith(`${compiled.publication.publicUrl}/`)
  return isOwn && !isLive ? null : `"${url.slice(0, 60)}" comes over http, which mail programs warn of`
}

/** What caniemail says of them (2025-09), in words; png, jpg and gif are shown everywhere. */
const KINDS = new Map<string, readonly [Found['severity'], string]>([
  ['svg', ['error', 'Gmail does not show it']],
  ['heic', ['error', 'only Apple shows it']],
  ['heif', ['error', 'only Apple shows it']],
  ['tif', ['error', 'Outlook and Yahoo do not show it']],
  ['tiff', ['error', 'Outlook and Yahoo do not show it']],
  ['webp', ['warn', 'Outlook on Windows does not show it']],
  ['avif', ['warn', 'Outlook on Windows does not show it']],
  ['ico', ['warn', 'Outlook on Windows does not show it']],
  ['bmp', ['warn', 'it is large, and Gmail shows it in part']],
])

const M04: Check = {
  id: 'M04',
  title: 'images are png, jpg or gif',
  isWaivable: true,
  severities: ['error', 'warn'],
  run: (input) =>
    sourcesOf(input).flatMap(({ url, element }) => {
      const kind = /\.([a-z]+)(?:[?#].*)?$/i.exec(url)?.[1]?.toLowerCase() ?? ''
      const fault = KINDS.get(kind)
      if (fault === undefined) return []
      const [severity, reason] = fault
      return [
        {
          severity,
          message: `an image is ${kind}: ${reason}`,
          hint: 'save it as png or jpg',
          ...placeOfElement(input, element, [url]),
        },
      ]
    }),
}

export const IMAGE_SOURCE_CHECKS: readonly Check[] = [M03, M04]

/** Every image that the page fetches, each address once. */
function sourcesOf({ page }: CheckInput): readonly Source[] {
  const inline = inlineStylesOf(page)
  const sources = page.elements.flatMap((element) =>
    urlsOf(element, inline).map((url) => ({ url: url.trim(), element })),
  )
  return [...new Map(sources.toReversed().map((source) => [source.url, source])).values()].toReversed()
}

function urlsOf(
  { tag, attributes }: PageElement,
  inline: ReturnType<typeof inlineStylesOf>,
): readonly string[] {
  const { src, srcset, background, style = '' } = attributes
  const shown =
    tag === 'img'
      ? [src ?? '', ...(srcset ?? '').split(',').map((part) => part.trim().split(/\s/)[0] ?? '')]
      : []
  const styled = style.includes('url(')
    ? (inline.get(style) ?? []).flatMap(({ value }) =>
        [...value.matchAll(/url\(\s*["']?([^"')]*)/gi)].map(([, url = '']) => url),
      )
    : []
  return [
    ...shown.filter((url, index) => index === 0 || url !== ''),
    ...(background === undefined ? [] : [background]),
    ...styled,
  ]
}
