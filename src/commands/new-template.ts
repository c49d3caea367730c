/** `pressrun new template`: a copy of a template in a folder of its own, and what to change in it. */

import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readTemplateFiles } from '../compile/template-files.js'
import { InputError } from '../errors.js'

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

export interface NewTemplateInput {
  /** Absolute. */
  readonly root: string
  readonly name: string
  /** The template to begin with. */
  readonly from: string
}

/** Returns the files, relative to the root. Throws InputError when the folder is there already. */
export async function newTemplate({ root, name, from }: NewTemplateInput): Promise<readonly string[]> {
  if (!NAME.test(name) || name === 'partials')
    throw new InputError(
      `"${name}" cannot name a template; write small letters, digits and hyphens: my-brief`,
    )
  const folder = `templates/${name}`
  if (existsSync(path.join(root, folder)))
    throw new InputError(`${folder} is there already; choose another name`)
  const all = await readTemplateFiles(root, from)
  const own = all.filter(({ where }) => where.startsWith(`templates/${from}/`))
  const shared = all.filter(({ where }) => /^templates\/partials\/.*\.(?:mjml|hbs)$/.test(where))
  const files = [
    ...own.map(({ where, source }) => ({ file: path.posix.join(folder, path.basename(where)), source })),
    {
      file: `${folder}/README.md`,
      source: describe({ name, from, shared: shared.map(({ where }) => where) }),
    },
  ]
  await mkdir(path.join(root, folder))
  for (const { file, source } of files) await writeFile(path.join(root, file), source, { flag: 'wx' })
  return files.map(({ file }) => file)
}

interface Described {
  readonly name: string
  readonly from: string
  readonly shared: readonly string[]
}

function describe({ name, from, shared }: Described): string {
  return `# ${name}

Begun as a copy of \`${from}\`. An issue uses it with \`template: ${name}\` in its front matter; the same line in
\`issues/newsletter.yaml\` makes it the publication's.

Colours, logo, fonts and footer need no template: they stand below \`brand:\` in \`issues/newsletter.yaml\`.

- \`email.mjml\` is the order of the mail's parts, \`web.hbs\` that of the web page.
- Each \`{{> part}}\` is a file: \`part.mjml\` in the mail, \`part.hbs\` on the web page. To change one, copy it from
  \`../partials/\` into this folder and change the copy; the other templates keep theirs. Type, space and colours of all
  parts are in \`head.mjml\` and \`web-style.hbs\`.

  ${shared.map((where) => `\`${path.basename(where)}\``).join(', ')}

- What a part is given, and what mail programs mind, is in [../README.md](../README.md).

Look at it with \`pressrun build SLUG --out look\`, by day and by night, on a phone and with pictures off; \`pressrun check\` finds
what it would do wrong.
`
}
