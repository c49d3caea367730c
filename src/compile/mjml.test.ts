import { describe, expect, test } from 'vitest'
import { markPerson } from './holed.js'
import { renderMjml, tidyHtml } from './mjml.js'

/** As if each line came from a template of the same lines. */
async function render(text: string): Promise<string> {
  return (await renderTree(text)).html
}

function renderTree(text: string) {
  return renderMjml({ text, originOf: (line) => ({ where: 'templates/t/email.mjml', line }) })
}

function page(body: string): string {
  return `<mjml lang="en" dir="ltr">\n<mj-body>\n${body}\n</mj-body>\n</mjml>`
}

function section(content: string): string {
  return `<mj-section><mj-column>\n${content}\n</mj-column></mj-section>`
}

describe('renderMjml', () => {
  test('language and direction stand on the page and on the first element of its body', async () => {
    const html = await render(page(section('<mj-text>Hello</mj-text>')))

    expect(html).toMatch(/<html lang="en" dir="ltr"/)
    expect(html).toMatch(/<body[^>]*>\n<div[^>]*lang="en" dir="ltr"/)
  })

  test('nothing is loaded from elsewhere', async () => {
    const html = await render(page(section('<mj-text>Hello</mj-text>')))

    expect(html).not.toContain('fonts.googleapis.com')
  })

  test('a misspelt attribute is named with its line', async () => {
    await expect(render(page(section('<mj-text colr="red">Hello</mj-text>')))).rejects.toThrow(
      'templates/t/email.mjml:4: <mj-text>: Attribute colr is illegal',
    )
  })

  test('an unclosed tag is an error: mjml would drop its text in silence', async () => {
    await expect(render(page(section('<mj-text>Hello')))).rejects.toThrow(
      'templates/t/email.mjml:5: </mj-column> closes <mj-text>, which is still open',
    )
  })

  test('text outside mj-text is an error: mjml would drop it in silence', async () => {
    await expect(render(page(`${section('<mj-text>Hello</mj-text>')}\nlost words`))).rejects.toThrow(
      /email\.mjml:\d+: <mj-body> holds bare text "lost words"; put it into <mj-text>/,
    )
  })

  test('mj-include is an error: mjml would drop it in silence', async () => {
    await expect(render(page('<mj-include path="./header.mjml" />'))).rejects.toThrow(
      'templates/t/email.mjml:3: <mj-include> is not read here; write {{> name}}',
    )
  })

  test('the same mistake in a thousand places is named in twenty', async () => {
    const many = render(page(section('<mj-text colr="red">Hello</mj-text>\n'.repeat(1_000))))

    await expect(many).rejects.toThrow('templates/t/email.mjml: there are 980 more like these')
  })

  test('a hole where a colour should be is named as one', async () => {
    const hole = markPerson({ kind: 'person', name: 'colour', fallback: 'red' })

    await expect(render(page(section(`<mj-text color="${hole}">Hello</mj-text>`)))).rejects.toThrow(
      'templates/t/email.mjml:4: <mj-text>: Attribute color has invalid value: {{…}}',
    )
  })

  test('what makes mjml itself fail is named with the template', async () => {
    const selector = '<mj-html-attributes><mj-selector path="a[" /></mj-html-attributes>'
    const mjml = page(section('<mj-text>Hello</mj-text>')).replace(
      '<mj-body>',
      `<mj-head>${selector}</mj-head><mj-body>`,
    )

    await expect(render(mjml)).rejects.toThrow('templates/t/email.mjml: MJML cannot read what this makes')
  })

  test('HTML that is not closed is named: every mail program would mend it in its own way', async () => {
    await expect(render(page(section('<mj-text><div>Hello</mj-text>')))).rejects.toThrow(
      'templates/t/email.mjml:4: <div> is never closed',
    )
  })

  test('what a note holds is not read', async () => {
    const html = await render(page(`<!-- <mj-text> ask Ida -->\n${section('<mj-text>Hello</mj-text>')}`))

    expect(html).not.toContain('ask Ida')
  })

  test('every conditional comment for Outlook that is opened is closed', async () => {
    const html = await render(page(section('<mj-text>Hello</mj-text>')))

    expect(html).toContain(
      '<!--[if !mso]><!-->\n<meta http-equiv="X-UA-Compatible" content="IE=edge">\n<!--<![endif]-->',
    )
    expect(html.match(/<!--\[if /g)?.length).toBe(html.match(/<!\[endif\]-->/g)?.length)
  })
})

describe('tidyHtml', () => {
  test('drops indentation, blank lines and notes, and no word', () => {
    expect(tidyHtml('<p>\n\n   one\n  two </p>\n<!-- note --><b>x</b>')).toBe(
      '<p>\none\ntwo </p>\n<b>x</b>\n',
    )
  })

  test('leaves preformatted text as it is', () => {
    expect(tidyHtml('  <pre>a\n\n   b</pre>\n   <p>')).toBe('<pre>a\n\n   b</pre>\n<p>\n')
  })

  test('leaves a no-break space at the start of a line', () => {
    expect(tidyHtml('a\n  \u00a0b')).toBe('a\n\u00a0b\n')
  })
})
