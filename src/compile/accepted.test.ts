import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { inputOf } from '../../tests/rig/proof.js'
import { readAccepted } from './accepted.js'
import { describeGap, gapsOf } from './checks/client-support.js'
import type { Support } from './checks/support.js'

const REPOSITORY = path.join(import.meta.dirname, '../..')
/** Shared parts, and what no Issue is poured into. */
const NO_TEMPLATES = ['partials', 'notice']
const HEAD = `# What the templates here use although some mail programs lack it: they were made to hold without.
# Check K01 tells of anything else. Written by the unit ring; run it with -u after a change that you want.
`

test('accepted.txt of the shared partials names what the project’s templates use, and nothing else', async () => {
  const used = new Map<string, Support>()
  for (const root of [REPOSITORY, path.join(REPOSITORY, 'tests/fixtures/press')])
    for (const slug of slugsIn(root))
      for (const template of templates())
        for (const { support } of gapsOf(await inputOf({ root, slug, template })))
          used.set(support.slug, support)

  const lines = [...used.values()].map((support) => `${support.slug.padEnd(34)} ${describeGap(support)}\n`)

  await expect(HEAD + lines.sort().join('')).toMatchFileSnapshot(
    path.join(REPOSITORY, 'templates/partials/accepted.txt'),
  )
})

test('a line of it is a slug, and what follows is for people', () => {
  const source = '# ours\n\n  css-box-shadow  only decoration\ncss-filter# too\n'

  const accepted = readAccepted({
    where: 'templates/x/accepted.txt',
    partial: 'accepted',
    kind: 'accepted',
    source,
  })

  expect(accepted.map(({ slug, line }) => `${slug} ${line}`)).toEqual(['css-box-shadow 3', 'css-filter 4'])
})

function slugsIn(root: string): readonly string[] {
  return readdirSync(path.join(root, 'issues'))
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .map((name) => name.replace(/\.md$/, ''))
}

function templates(): readonly string[] {
  return readdirSync(path.join(REPOSITORY, 'templates'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_TEMPLATES.includes(entry.name))
    .map(({ name }) => name)
}
