/**
 * VML, which Word draws and no browser does. A shape becomes a box of its size and colour with the words that stand in it;
 * Office's own settings go.
 */

import { escapeHtml } from '../../../compile/escape.js'
import { readAttributes } from './markup.js'

const SETTINGS = /<xml\b[^>]{0,1000}>[\s\S]*?<\/xml>|<\/?noscript\b[^>]{0,100}>/gi
const TAG = /<(\/?)(v|w|o|x):([a-z0-9]+)\b((?:"[^"]*"|'[^']*'|[^"'>]){0,4000})>/gi
const SHAPES = new Set('rect roundrect oval shape group image line arc curve polyline'.split(' '))
const SIZES = /(?:^|;)\s*(width|height)\s*:\s*([\d.]+(?:px|pt|in|cm|mm|%)?)/gi

export function boxShapes(html: string): string {
  if (!/<(?:xml|noscript|[vwox]:)/i.test(html)) return html
  return html
    .replace(SETTINGS, '')
    .replace(TAG, (tag, slash: string, space: string, name: string, rest: string) => {
      const kind = name.toLowerCase()
      if (space.toLowerCase() !== 'v') return ''
      const isShape = SHAPES.has(kind)
      if (!isShape && kind !== 'textbox') return ''
      if (slash === '/') return '</div>'
      const open = isShape
        ? `<div data-vml="${isBehind(tag) ? 'behind' : 'shape'}" data-shape="${kind}" style="${shapeStyle(tag)}">`
        : '<div data-vml-text>'
      return /\/\s*$/.test(rest) ? `${open}</div>` : open
    })
}

/** A picture that text stands upon. */
function isBehind(tag: string): boolean {
  return /\bposition\s*:\s*absolute/i.test(readAttributes(tag).get('style') ?? '')
}

function shapeStyle(tag: string): string {
  const attributes = readAttributes(tag)
  const style = attributes.get('style') ?? ''
  const fill = attributes.get('filled') === 'f' ? undefined : attributes.get('fillcolor')
  return [
    ...[...style.matchAll(SIZES)].map(
      ([, side = '', size = '']) => `${side.toLowerCase()}:${/\d$/.test(size) ? `${size}px` : size}`,
    ),
    ...(fill === undefined ? [] : [`background-color:${escapeHtml(fill)}`]),
  ].join(';')
}
