/** What caniemail calls things, where that is not their own name. */

/** Properties that caniemail has under another name than their own. */
export const PROPERTIES: readonly (readonly [RegExp, string])[] = [
  [/^border(-(top|right|bottom|left))?(-(width|style|color))?$/, 'css-border'],
  [/^border-(top|bottom)-(left|right)-radius$/, 'css-border-radius'],
  [/^border-(start|end)-(start|end)-radius$/, 'css-border-radius-logical'],
  [/^border-(inline|block)$/, 'css-border-inline-block'],
  [/^border-(inline|block)-(width|style|color)$/, 'css-border-inline-block-longhand'],
  [/^border-(inline|block)-(start|end)/, 'css-border-inline-block-individual'],
  [/^margin-(top|right|bottom|left)$/, 'css-margin'],
  [/^margin-(inline|block)$/, 'css-margin-inline-block'],
  [/^margin-inline-(start|end)$/, 'css-margin-inline-start-end'],
  [/^margin-block-(start|end)$/, 'css-margin-block-start-end'],
  [/^padding-(top|right|bottom|left)$/, 'css-padding'],
  [/^padding-(inline|block)$/, 'css-padding-inline-block'],
  [/^padding-inline-(start|end)$/, 'css-padding-inline-start-end'],
  [/^padding-block-(start|end)$/, 'css-padding-block-start-end'],
  [/^(left|right|top|bottom)$/, 'css-left-right-top-bottom'],
  [/^(block|inline)-size$/, 'css-block-inline-size'],
  [/^(column|row)-gap$/, 'css-gap'],
  [/^columns$/, 'css-column-count'],
  [/^column-(fill|rule|rule-.*|span|width)$/, 'css-column-layout-properties'],
  [/^grid-template-/, 'css-grid-template'],
  [/^overflow-[xy]$/, 'css-overflow'],
  [/^animation-/, 'css-animation'],
  [/^transition-/, 'css-transition'],
  [/^scroll-snap-/, 'css-scroll-snap'],
  [/^outline-(color|style|width)$/, 'css-outline'],
  [/^--/, 'css-variables'],
]
/** Properties that are only meant with a value. */
export const WITH_VALUE = new Set(['css-display', 'css-flex-direction', 'css-flex-wrap'])
export const VALUES: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^display$/, /\bflex\b/, 'css-display-flex'],
  [/^display$/, /\bgrid\b/, 'css-display-grid'],
  [/^display$/, /^none$/, 'css-display-none'],
  [/^display$/, /^(?!none$|.*\b(flex|grid)\b)/, 'css-display'],
  [/^flex-direction$/, /column/, 'css-flex-direction'],
  [/^flex-wrap$/, /^wrap/, 'css-flex-wrap'],
  [/^font(-family)?$/, /\b(system-ui|ui-(serif|sans-serif|rounded|monospace))\b/, 'css-sytem-ui'],
  [/./, /\b(?:fit|min|max)-content\b/, 'css-intrinsic-size'],
  [/./, /\b(ok)?(lch|lab)\(/, 'css-modern-color'],
  [/./, /\bvar\(/, 'css-variables'],
  [/./, /\bcalc\(/, 'css-unit-calc'],
  [/./, /^initial$/, 'css-unit-initial'],
]
export const FUNCTION = /\b([a-z-]+)\(/g
export const UNIT = /(?:^|[\s,(/*+-])[\d.]+(px|pt|pc|in|cm|mm|em|ex|ch|rem|vw|vh|vmin|vmax|%)(?![\w-])/g
/** What cannot hold a unit or a function: strings, URLs, colours. */
export const OPAQUE = /"[^"]*"|'[^']*'|url\([^)]*\)|#[0-9a-f]+/gi

export const TAGS = new Map([
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((tag) => [tag, 'html-h1-h6'] as const),
  ...['ul', 'ol', 'dl'].map((tag) => [tag, 'html-lists'] as const),
  ...'article aside details figcaption figure footer header main mark nav section summary time'
    .split(' ')
    .map((tag) => [tag, 'html-semantics'] as const),
  ['map', 'html-image-maps'],
])
export const ATTRIBUTES = new Map([
  ...(
    'align aria-describedby aria-hidden aria-label aria-labelledby aria-live background cellpadding cellspacing dir ' +
    'height hidden lang popover required role srcset target valign width'
  )
    .split(' ')
    .map((name) => [name, `html-${name}`] as const),
  ['loading', 'html-loading-attribute'],
  ['sizes', 'html-srcset'],
  ['usemap', 'html-image-maps'],
])
export const COMBINATORS = new Map([
  [' ', 'css-selector-descendant'],
  ['>', 'css-selector-child'],
  ['+', 'css-selector-adjacent-sibling'],
  ['~', 'css-selector-general-sibling'],
])
export const SELECTORS = new Map([
  ['ClassSelector', 'css-selector-class'],
  ['IdSelector', 'css-selector-id'],
  ['AttributeSelector', 'css-selector-attribute'],
  ['NestingSelector', 'css-nesting'],
])
export const EXTENSIONS = new Map([
  ['jpeg', 'image-jpg'],
  ['heic', 'image-heif'],
  ['tif', 'image-tiff'],
])
