/** From an issue file to files to look at, through the compiling process as commands use it. */

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeBuild } from '../../../src/commands/build.js'
import { compileApart } from '../../../src/compile/compile-process.js'
import { InputError } from '../../../src/errors.js'

const repository = path.join(import.meta.dirname, '../../..')
const slug = '2026-03-13-spring-tides'
let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-build-'))
  cpSync(path.join(repository, 'tests/fixtures/press'), root, { recursive: true })
  cpSync(path.join(repository, 'templates'), path.join(root, 'templates'), { recursive: true })
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function compile(slugOrPath = slug) {
  const wireModule = path.join(repository, 'dist/src/send/sample-message.js')
  return compileApart({
    root,
    slugOrPath,
    publicUrl: null,
    local: null,
    version: '0.0.0',
    cacheFolder: null,
    wireModule,
  })
}

test('two builds of an issue are the same files, byte for byte', async () => {
  const [one, two] = [path.join(root, 'one'), path.join(root, 'two')]

  await writeBuild(await compile(), { outDir: one, commit: null })
  await writeBuild(await compile(path.join(root, 'issues', `${slug}.md`)), { outDir: two, commit: null })

  expect(readdirSync(one).sort()).toEqual(['email.html', 'email.txt', 'manifest.json', 'web.html'])
  for (const name of readdirSync(one)) {
    expect(readFileSync(path.join(two, name), 'utf8')).toBe(readFileSync(path.join(one, name), 'utf8'))
  }
})

test('the manifest says what was compiled, from what, and how large it is', async () => {
  const build = await compile()
  const { compilation } = build

  await writeBuild(build, { outDir: root, commit: { id: 'c0ffee', isDirty: true } })

  const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'manifest.json'), 'utf8'))
  expect(manifest).toMatchObject({
    slug,
    hash: compilation.hash,
    subject: 'Reader, the barrier held',
    versions: { pressrun: '0.0.0' },
    commit: { id: 'c0ffee', isDirty: true },
    sizes: { htmlBytes: readFileSync(path.join(root, 'email.html')).length },
  })
})

test('a template that is not there is told at the line that names it', async () => {
  writeFileSync(
    path.join(root, 'issues', `${slug}.md`),
    '---\ntitle: Tides\ndate: 2026-03-13\ntemplate: nope\n---\n\n## Locks\n\nClosed.\n',
  )

  await expect(compile()).rejects.toThrow(
    `issues/${slug}.md:4: template "nope" is not there; templates/ has `,
  )
})

test('a mistake in the issue comes back as the sentence a person can act on', async () => {
  writeFileSync(path.join(root, 'issues', `${slug}.md`), '---\ntitle: Tides\n---\n\n## Locks\n\nClosed.\n')

  await expect(compile()).rejects.toThrow(InputError)
  await expect(compile()).rejects.toThrow(`issues/${slug}.md`)
})

test('a mistake in a template comes back with its file and line', async () => {
  writeFileSync(path.join(root, 'templates/digest/contents.mjml'), '\n{{titel}}')

  await expect(compile()).rejects.toThrow('templates/digest/contents.mjml:2: there is no "titel" here')
})

test('without a From and a public URL nothing is guessed', async () => {
  const text = 'name: The Lantern & Tide\n'
  writeFileSync(path.join(root, 'issues/newsletter.yaml'), text)

  await expect(compile()).rejects.toThrow(/"from" is missing.*\n.*"public-url" is missing/)
})

test('a .mjmlconfig in the current folder is not read', async () => {
  const trap = path.join(root, 'trap')
  mkdirSync(trap)
  writeFileSync(
    path.join(trap, 'package.js'),
    `require('node:fs').writeFileSync(${JSON.stringify(path.join(root, 'sprung'))}, '')`,
  )
  writeFileSync(path.join(trap, '.mjmlconfig'), JSON.stringify({ packages: ['./package.js'] }))
  const before = process.cwd()

  process.chdir(trap)
  try {
    await compile()
  } finally {
    process.chdir(before)
  }

  expect(readdirSync(root)).not.toContain('sprung')
})

test('words of issues/words.txt are right, its notes are none, and a link out of the root is refused', async () => {
  const words = path.join(root, 'issues/words.txt')
  const file = path.join(root, 'issues', `${slug}.md`)
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nA zugzwang, tidde.\n`)
  const spelt = async () =>
    (await compile()).findings.filter(({ id }) => id === 'N01').map(({ message }) => message)

  writeFileSync(words, '\ufeff# ours\r\nzugzwang # a chess player’s\r\n\r\nNitrile\r\n')
  expect(await spelt()).toEqual(['"tidde" is in no dictionary'])

  rmSync(words)
  symlinkSync('/etc/hostname', words)
  await expect(compile()).rejects.toThrow('issues/words.txt links to a file outside')
})
