import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compileIssue } from '../compile/compile.js'
import { readImages } from '../compile/images.js'
import { readTemplate } from '../compile/template.js'
import { readIssue, readPublication } from '../issue/read.js'
import { newIssue } from './new-issue.js'
import { newTemplate } from './new-template.js'

const repository = path.join(import.meta.dirname, '../..')
const now = new Date('2026-12-07T23:30:00Z')

let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-new-'))
  mkdirSync(path.join(root, 'issues'))
  put('newsletter.yaml', 'name: The Tide\nfrom: A <a@example.com>\ntime-zone: Europe/Berlin\n')
  cpSync(path.join(repository, 'templates'), path.join(root, 'templates'), { recursive: true })
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function put(name: string, source: string): void {
  writeFileSync(path.join(root, 'issues', name), source)
}

async function compile(slug: string) {
  const publication = await readPublication(root)
  const issue = await readIssue(root, slug)
  return compileIssue({
    issue,
    publication,
    from: { name: 'A', address: 'a@example.com' },
    publicUrl: 'https://tide.example.org',
    template: await readTemplate(root, issue.template),
    images: await readImages(root, issue, publication),
    version: '0.0.0',
  })
}

function begin(title: string, wish: { date?: string; template?: string } = {}) {
  return newIssue({ root, title, date: wish.date ?? null, template: wish.template ?? null, now })
}

describe('a new issue', () => {
  test('is of the day it is where the publication is, and can be compiled as it stands', async () => {
    const file = await begin('Über den Hafen: "Flut"')

    expect(file).toBe('issues/2026-12-08-uber-den-hafen-flut.md')
    expect((await readIssue(root, '2026-12-08-uber-den-hafen-flut')).title).toBe('Über den Hafen: "Flut"')
    expect((await compile('2026-12-08-uber-den-hafen-flut')).compiled.number).toBe(1)
  })

  test.each(['digest', 'letter'])('of the template %s is compiled by it', async (template) => {
    await begin('High water', { template, date: '2026-12-10' })

    const { compiled } = await compile('2026-12-10-high-water')

    expect(JSON.stringify(compiled.html)).toContain('TODO')
  })

  test('bears the next number, also after an issue that is broken', async () => {
    put('2026-11-01-one.md', '---\ntitle: One\ndate: 2026-11-01\nnumber: 7\n---\n\nText.\n')
    put('2026-11-15-two.md', '---\ntitle: Two\ndate: 2026-11-15\nnumber: 8\n---\n\n<b>HTML</b>\n')

    await begin('Three')

    expect(readFileSync(path.join(root, 'issues/2026-12-08-three.md'), 'utf8')).toContain('\nnumber: 9\n')
  })

  test('bears none where issues bear none', async () => {
    put('2026-11-01-one.md', '---\ntitle: One\ndate: 2026-11-01\n---\n\nText.\n')

    await begin('Two')

    expect((await readIssue(root, '2026-12-08-two')).number).toBeNull()
  })

  test('never takes the place of another', async () => {
    await begin('High water')
    const written = readFileSync(path.join(root, 'issues/2026-12-08-high-water.md'), 'utf8')

    await expect(begin('High, Water!')).rejects.toThrow('issues/2026-12-08-high-water.md is there already')
    expect(readFileSync(path.join(root, 'issues/2026-12-08-high-water.md'), 'utf8')).toBe(written)
  })

  test.each([
    ['a day that is none', 'A', { date: '2026-02-30' }, '2026-02-30 is not a day of the calendar'],
    ['a template that is not there', 'A', { template: 'nowhere' }, 'template "nowhere" is not there'],
    ['a title with a hole', 'Dear {{subscriber.name}}', {}, '"title" cannot hold "{{"'],
    [
      'a title that turns writing around',
      'High \u{202E}water',
      {},
      'the title cannot stand so: U+202E turns',
    ],
    ['a title of nothing', ' ', {}, '"title" is empty'],
  ])('with %s is refused, and nothing is written', async (_what, title, wish, message) => {
    await expect(begin(title, wish)).rejects.toThrow(message)
    expect(readdirSync(path.join(root, 'issues'))).toEqual(['newsletter.yaml'])
  })
})

describe('a new template', () => {
  test('makes the same mail as the one it was copied from', async () => {
    await begin('High water')
    const before = await compile('2026-12-08-high-water')

    writeFileSync(path.join(root, 'templates/digest/accepted.txt'), 'css-opacity\n')

    const files = await newTemplate({ root, name: 'my-brief', from: 'digest' })
    put(
      'newsletter.yaml',
      'name: The Tide\nfrom: A <a@example.com>\ntime-zone: Europe/Berlin\ntemplate: my-brief\n',
    )

    expect(files).toEqual([
      'templates/my-brief/accepted.txt',
      'templates/my-brief/email.mjml',
      'templates/my-brief/web.hbs',
      'templates/my-brief/README.md',
    ])
    expect((await compile('2026-12-08-high-water')).compiled.html).toEqual(before.compiled.html)
    expect(readFileSync(path.join(root, 'templates/my-brief/README.md'), 'utf8')).toContain('`story.mjml`')
  })

  test('may begin with another', async () => {
    const files = await newTemplate({ root, name: 'essay', from: 'letter' })

    expect(files).toContain('templates/essay/letter-head.mjml')
  })

  test.each([
    ['digest', 'digest', 'templates/digest is there already'],
    ['partials', 'digest', '"partials" cannot name a template'],
    ['../out', 'digest', '"../out" cannot name a template'],
    ['My Brief', 'digest', '"My Brief" cannot name a template'],
    ['mine', 'nowhere', 'template "nowhere" is not there; templates/ has digest, letter'],
    ['mine', '../digest', 'template "../digest" is not there'],
  ])('%s from %s is refused, and nothing is written', async (name, from, message) => {
    const before = readdirSync(path.join(root, 'templates'))

    await expect(newTemplate({ root, name, from })).rejects.toThrow(message)
    expect(readdirSync(path.join(root, 'templates'))).toEqual(before)
  })
})
