import { describe, expect, test } from 'vitest'
import { only, parse, problemsIn, sketch } from '../../tests/rig/written-issue.js'
import { isButton, widthOf } from './attributes.js'
import type { Prose } from './issue.js'
import { walk } from './walk.js'

function body(markdown: string): Prose {
  const section = only(parse(`## A\n\n${markdown}\n`))
  return section.kind === 'story' ? section.body : []
}

const read = (markdown: string) => sketch(body(markdown)).replace(/<paragraph_\w+>/g, '')

describe('a figure', () => {
  test('is a paragraph that is one image', () => {
    expect(read('![A gate](images/gate.png)')).toBe('<figure_open><image><figure_close>')
  })

  test('has the lines below the image as its caption, links and all', () => {
    expect(read('![A gate](images/gate.png)\nThe *gate*\nand [Ida](https://example.com)')).toBe(
      '<figure_open><image><figcaption_open>The <em_open>gate<em_close><softbreak>' +
        'and <link_open>Ida<link_close><figcaption_close><figure_close>',
    )
  })

  test('or has its title, with the marks of the language', () => {
    expect(read('![A gate](images/gate.png "The \\"old\\" gate...")')).toBe(
      '<figure_open><image><figcaption_open>The “old” gate…<figcaption_close><figure_close>',
    )
  })

  test('may be a link, and stand in a list', () => {
    expect(read('[![A gate](images/gate.png)](https://example.com)')).toBe(
      '<figure_open><link_open><image><link_close><figure_close>',
    )
    expect(read('- ![A gate](images/gate.png)\n  One.')).toContain(
      '<list_item_open><figure_open><image><figcaption_open>One.<figcaption_close><figure_close>',
    )
  })

  test('is none where words stand beside the image', () => {
    expect(read('![A gate](images/gate.png) and more')).toBe('<image> and more')
  })

  test('keeps the lines of what stands in it', () => {
    const lines = [...walk(body('![A\ngate](images/gate.png)\nOne\n[two](https://example.com)'))]
      .filter(({ token }) => token.type === 'image' || token.type === 'link_open')
      .map(({ line }) => line)

    expect(lines).toEqual([7, 10])
  })

  test('a hole may stand in its caption, not in what the image shows or in its title', () => {
    expect(read('![A gate](images/gate.png)\nFor {{subscriber.name "you"}}')).toContain('For [name|you]')
    for (const image of ['![{{subscriber.x}}](images/g.png)', '![a](images/g.png "{{subscriber.x}}")'])
      expect(problemsIn(`${image}\n`)).toEqual([
        'file:5: a hole can only stand in running text, not in a URL, an image, a heading or code',
      ])
  })

  test('a title of an image within a line is refused', () => {
    expect(problemsIn('See ![a](images/g.png "The gate").\n')).toEqual([
      'file:5: an image has a caption only in a paragraph of its own; put an empty line above and below it',
    ])
  })
})

describe('the width of an image', () => {
  test.each(['{width=300}', '{width="300"}', '{ width=300px }'])('is read from %s', (braces) => {
    const images = [...walk(body(`![a](images/g.png)${braces}`))].filter(
      ({ token }) => token.type === 'image',
    )

    expect(images.map(({ token }) => widthOf(token))).toEqual([300])
  })

  test.each(['{width=30%}', '{width=0}', '{height=3}', '{.wide}', '{#gate}'])(
    'is not read from %s',
    (braces) => {
      expect(problemsIn(`![a](images/g.png)${braces}\n`)).toEqual([
        `file:5: "${braces}" cannot be read; behind an image stands {width=300}, or a backslash before the brace to show it as it is`,
      ])
    },
  )

  test('braces that hold words stay words', () => {
    expect(read('![a](images/g.png){a set} [b](https://example.com)\\{.button}')).toBe(
      '<image>{a set} <link_open>b<link_close>{.button}',
    )
  })
})

describe('a button', () => {
  test('is a link in a paragraph of its own', () => {
    const [open, inline] = body('[Register](https://example.com){.button}')

    expect(open?.attrGet('class')).toBe('button')
    expect(inline?.children?.map(({ type }) => type)).toEqual(['link_open', 'text', 'link_close'])
    expect(inline?.children?.filter(isButton)).toHaveLength(1)
  })

  test.each([
    'Please [register](https://example.com){.button}',
    '[a](https://e.com){.button}\n[b](https://e.com){.button}',
  ])('and nowhere else: %j', (markdown) => {
    expect(problemsIn(`${markdown}\n`)[0]).toMatch(/a button is a paragraph of its own/)
  })

  test('is told what it can be called', () => {
    expect(problemsIn('[a](https://e.com){.btn}\n')).toEqual([
      'file:5: "{.btn}" cannot be read; behind a link stands {.button} or {utm=off}, or a backslash before the brace to show it as it is',
    ])
  })
})

describe('a pull quote', () => {
  const classes = (markdown: string) =>
    body(markdown)
      .filter(({ type }) => type === 'blockquote_open')
      .map((token) => token.attrGet('class'))

  test.each([
    '> Six years. {.pull}',
    '> Six years.\n> {.pull}',
    '> Six years.\n{.pull}',
    '> Six years.\n>\n> {.pull}',
  ])('is a quote that ends with its mark: %j', (markdown) => {
    expect(classes(markdown)).toEqual(['pull'])
    expect(read(markdown)).toBe('<blockquote_open>Six years.<blockquote_close>')
  })

  test('is the inner or the outer one', () => {
    expect(classes('> Outer\n>\n> > Inner {.pull}')).toEqual([null, 'pull'])
    expect(classes('> > Inner\n>\n> Outer {.pull}')).toEqual(['pull', null])
  })

  test('has words, and stands in no other place', () => {
    for (const markdown of ['> {.pull}', 'x {.pull}', '> - x {.pull}'])
      expect(problemsIn(`${markdown}\n`)[0]).toMatch(/^file:5: "\{\.pull\}" has no effect here/)
  })
})
