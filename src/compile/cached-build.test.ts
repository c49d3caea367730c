import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Build } from './build.js'
import { buildCached } from './cached-build.js'
import { openPast } from './past.js'

const repository = path.join(import.meta.dirname, '../..')
const file = 'issues/2026-03-13-spring-tides.md'
const readPast = openPast()
let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-cached-'))
  cpSync(path.join(repository, 'tests/fixtures/press'), root, { recursive: true })
  cpSync(path.join(repository, 'templates'), path.join(root, 'templates'), { recursive: true })
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

async function build(
  options: { readonly publicUrl?: string } = {},
): Promise<{ build: Build; isNew: boolean }> {
  let isNew = false
  const built = await buildCached(
    {
      root,
      slugOrPath: path.join(root, file),
      publicUrl: options.publicUrl ?? null,
      local: null,
      version: '0.0.0',
      wireModule: path.join(repository, 'dist/src/send/sample-message.js'),
      cacheFolder: path.join(root, '.data/cache'),
    },
    {
      readPast,
      onTemplate: () => {
        isNew = true
      },
    },
  )
  return { build: built, isNew }
}

function append(name: string, text: string) {
  appendFileSync(path.join(root, name), text)
}

test('the second build of an unchanged issue is the first, bytes of pictures and findings too', async () => {
  const first = await build()
  const second = await build()

  expect([first.isNew, second.isNew]).toEqual([true, false])
  expect(second.build).toEqual(first.build)
})

describe('it is compiled again when', () => {
  test.each<[string, () => void]>([
    ['a word is another', () => append(file, '\nOne more paragraph.\n')],
    ['the publication is another', () => append('issues/newsletter.yaml', 'template: digest\n')],
    ['a partial is another', () => append('templates/partials/story.mjml', '<!-- a note -->')],
    [
      'a partial of its own hides a shared one',
      () =>
        cpSync(
          path.join(root, 'templates/partials/story.mjml'),
          path.join(root, 'templates/digest/story.mjml'),
        ),
    ],
    [
      'another issue came before it',
      () =>
        writeFileSync(
          path.join(root, 'issues/2026-01-01-first.md'),
          '---\ntitle: A\ndate: 2026-01-01\n---\n\nA.\n',
        ),
    ],
    ['what lies beside the issues is another', () => append('issues/words.txt', 'Norhaven\n')],
  ])('%s', async (_what, change) => {
    await build()

    change()

    expect((await build()).isNew).toBe(true)
    expect((await build()).isNew).toBe(false)
  })

  test('the public URL is another', async () => {
    await build()

    expect((await build({ publicUrl: 'https://other.example.org' })).isNew).toBe(true)
  })

  test('what was kept is damaged', async () => {
    const first = await build()
    const folder = path.join(root, '.data/cache')
    for (const kept of readdirSync(folder)) {
      const text = readFileSync(path.join(folder, kept), 'utf8')
      writeFileSync(path.join(folder, kept), text.replace('barrier', 'carrier'))
    }

    const second = await build()

    expect(second.isNew).toBe(true)
    expect(second.build).toEqual(first.build)
  })
})

test('a picture that is gone, or is another, is no picture of the kept one', async () => {
  await build()
  const [picture = ''] = readdirSync(path.join(root, 'issues/images'))

  renameSync(path.join(root, 'issues/images', picture), path.join(root, 'issues/images', `old-${picture}`))

  await expect(build()).rejects.toThrow('does not exist')
})

test('an issue that is broken is never kept', async () => {
  append(file, '\n## Empty\n')

  await expect(build()).rejects.toThrow(file)
  await expect(build()).rejects.toThrow(file)
})
