/** mjml alone, on the MJML that an issue comes to: what whatever makes a mail of it is held against. */

import mjml2html from 'mjml'
import { compileIssue } from '../src/compile/compile.js'
import { readImages } from '../src/compile/images.js'
import { readTemplate } from '../src/compile/template.js'
import { readIssue, readPublication } from '../src/issue/read.js'

/** A call of mjml with our own options, so that only our own work is the difference. */
export async function prepareBare(root: string, slug: string): Promise<() => Promise<unknown>> {
  const publication = await readPublication(root)
  const issue = await readIssue(root, slug)
  const template = await readTemplate(root, issue.template)
  let poured = ''
  await compileIssue({
    issue,
    publication,
    images: await readImages(root, issue, publication),
    template: {
      ...template,
      email(data) {
        const marked = template.email(data)
        poured = marked.text
        return marked
      },
    },
    from: { name: 'The Bench', address: 'bench@example.com' },
    publicUrl: 'https://news.example.com',
    version: '0.0.0',
  })
  return async () => mjml2html(poured, { fonts: {}, keepComments: false, validationLevel: 'soft' })
}
