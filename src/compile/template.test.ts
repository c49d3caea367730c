import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InputError } from '../errors.js'
import { parseHoled } from './holed.js'
import { readTemplate } from './template.js'

let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-template-'))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries({
    'small/web.hbs': '<p>',
    'small/email.mjml': '<mjml>',
    ...files,
  })) {
    const file = path.join(root, 'templates', name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

async function pour(data: Readonly<Record<string, unknown>>) {
  const template = await readTemplate(root, 'small')
  return template.email(data)
}

describe('a Template', () => {
  test('pours data and partials; a file of its own stands before a shared one', async () => {
    write({
      'small/email.mjml': '<mjml>{{title}} {{> top}} {{> foot}}',
      'partials/top.mjml': 'shared top',
      'partials/foot.mjml': 'shared foot',
      'small/foot.mjml': 'own foot',
    })

    expect((await pour({ title: 'A & B' })).text).toBe('<mjml>A &amp; B shared top own foot')
  })

  test('makes a hole of {{person}}', async () => {
    write({ 'small/email.mjml': 'Dear {{person "name" fallback="reader"}}' })

    expect(parseHoled((await pour({})).text)).toEqual([
      'Dear ',
      { kind: 'person', name: 'name', fallback: 'reader' },
    ])
  })

  test('never runs what the data says', async () => {
    write({ 'small/email.mjml': '{{title}}' })

    expect((await pour({ title: '{{secret}}', secret: 'x' })).text).toBe('{{secret}}')
  })

  test('knows the file and line that each line of its text came from', async () => {
    write({
      'small/email.mjml': 'first\n{{#each items}}\n  {{> row}}\n{{/each}}\nlast',
      'partials/row.mjml': '<row>\n{{.}}\n</row>\n',
    })

    const { text, originOf } = await pour({ items: ['a', 'b'] })
    const origins = text
      .split('\n')
      .map((line, index) => [line.trim(), originOf(index + 1).where, originOf(index + 1).line])

    expect(origins).toContainEqual(['</row>', 'templates/partials/row.mjml', 3])
    expect(origins).toContainEqual(['last', 'templates/small/email.mjml', 5])
  })
})

describe('a mistake in a Template', () => {
  test.each([
    ['a misspelt variable', '<a>\n{{titel}}', 'templates/small/email.mjml:2: there is no "titel" here'],
    [
      'a misspelt helper',
      '\n\n{{persn "name"}}',
      'templates/small/email.mjml:3: there is no helper "persn"; there are if,',
    ],
    [
      'a partial that is not there',
      '{{> topp}}',
      'templates/small/email.mjml:1: there is no partial "topp"; there are email',
    ],
    [
      'a block that is never closed',
      '\n{{#if title}}\n',
      'templates/small/email.mjml:3: Handlebars cannot read this',
    ],
    ['blocks that cross', '{{#if title}}{{/each}}', "templates/small/email.mjml:1: if doesn't match each"],
    ['a reserved character', 'a\ue000b', 'templates/small/email.mjml: holds a character U+E000'],
    [
      'a part of what may be missing',
      '{{#if logo.url}}x{{/if}}',
      'templates/small/email.mjml: a value whose "url" is asked for is not there; stand within {{#if}}',
    ],
    [
      'a hole without a name',
      '{{person 3}}',
      'templates/small/email.mjml: {{person}} wants a name and a fallback',
    ],
  ])('%s is named with its file and line', async (_what, source, message) => {
    write({ 'small/email.mjml': source })

    const poured = pour({ title: 'x', logo: null })

    await expect(poured).rejects.toThrow(InputError)
    await expect(poured).rejects.toThrow(message)
  })

  test('in a partial is named with the partial’s file', async () => {
    write({ 'small/email.mjml': '\n\n{{> top}}', 'partials/top.mjml': 'a\nb {{titel}}' })

    await expect(pour({})).rejects.toThrow('templates/partials/top.mjml:2: there is no "titel" here')
  })

  test('all of the files’ mistakes come at once', async () => {
    write({ 'small/email.mjml': '{{> nowhere}}', 'small/web.hbs': '{{#if x}}' })

    await expect(pour({})).rejects.toThrow(/email\.mjml:1: .*\n.*web\.hbs:1: /)
  })
})

describe('a Template’s name', () => {
  test.each(['nowhere', '../small', 'partials', '', 'small/../small'])(
    '%j is refused with the names there are',
    async (name) => {
      write({})

      await expect(readTemplate(root, name)).rejects.toThrow(
        `template "${name}" is not there; templates/ has small`,
      )
    },
  )
})

describe('a partial that leads back to itself', () => {
  test.each([
    ['by its name', '{{> row}}', 'templates/small/row.mjml:2: puts in {{> row}}'],
    ['by one that the data make', '{{> (lookup . "kind")}}', 'templates/small/row.mjml:2: puts in {{> row}}'],
    [
      'by another',
      '{{> email}}',
      /templates\/small\/(?:row|email)\.mjml:[12]: puts in \{\{> (?:row|email)\}\}/,
    ],
  ])('%s is named with the line of its call', async (_how, call, message) => {
    write({ 'small/email.mjml': '{{> row}}', 'small/row.mjml': `a\n${call}` })

    await expect(pour({ kind: 'row' })).rejects.toThrow(message)
  })

  test('while forty in each other are nothing', async () => {
    const partials = Array.from({ length: 38 }, (_, depth) => [`small/p${depth}.mjml`, `{{> p${depth + 1}}}`])
    write({ 'small/email.mjml': '{{> p0}}', ...Object.fromEntries(partials), 'small/p38.mjml': 'deep' })

    expect((await pour({})).text).toBe('deep')
  })
})

describe('a file that is no Template', () => {
  test.each([
    ['a picture', Buffer.from('\n\n\x89PNG\r\n\x1a\n\0\0', 'latin1'), 'row.mjml:3: is no text in UTF-8'],
    ['a text in another encoding', Buffer.from('a\nM\xfcller', 'latin1'), 'row.mjml:2: is no text in UTF-8'],
    ['5 MB', Buffer.alloc(5_000_000, 'a'), 'row.mjml: has 5000000 bytes; 256000 is the most'],
    [
      'blocks ten thousand deep',
      Buffer.from('{{#if x}}'.repeat(1e4) + '{{/if}}'.repeat(1e4)),
      'row.mjml:1: nests',
    ],
  ])('%s is named', async (_what, bytes, message) => {
    write({})
    writeFileSync(path.join(root, 'templates/small/row.mjml'), bytes)

    await expect(pour({ x: 1 })).rejects.toThrow(`templates/small/${message}`)
  })

  test('an empty one is named', async () => {
    write({ 'small/email.mjml': ' ' })

    await expect(pour({})).rejects.toThrow('templates/small/email.mjml: is empty')
  })

  test('a folder or a pipe of that name is not waited for', async () => {
    write({ 'small/row.mjml/email.mjml': '' })
    execFileSync('mkfifo', [path.join(root, 'templates/small/pipe.mjml')])

    const poured = pour({})

    await expect(poured).rejects.toThrow('templates/small/row.mjml: is no file that can be read')
    await expect(poured).rejects.toThrow('templates/small/pipe.mjml: is no file that can be read')
  })
})

describe('a link', () => {
  let elsewhere: string

  beforeEach(() => {
    elsewhere = mkdtempSync(path.join(tmpdir(), 'pressrun-elsewhere-'))
    writeFileSync(path.join(elsewhere, 'email.mjml'), '<mjml>secret')
    writeFileSync(path.join(elsewhere, 'web.hbs'), 'secret')
  })

  afterEach(() => {
    rmSync(elsewhere, { recursive: true })
  })

  test('to a file outside of the folder is not read', async () => {
    write({})
    symlinkSync(path.join(elsewhere, 'email.mjml'), path.join(root, 'templates/small/row.mjml'))

    await expect(pour({})).rejects.toThrow('templates/small/row.mjml: links to a file outside')
  })

  test('to a folder outside is no Template', async () => {
    write({})
    symlinkSync(elsewhere, path.join(root, 'templates/other'))

    await expect(readTemplate(root, 'other')).rejects.toThrow(
      'templates/other: is no folder of this publication',
    )
  })

  test('to a file within is', async () => {
    write({ 'small/email.mjml': '{{> row}}', 'old/row.mjml': 'the old row' })
    symlinkSync('../old/row.mjml', path.join(root, 'templates/small/row.mjml'))

    expect((await pour({})).text).toBe('the old row')
  })
})
