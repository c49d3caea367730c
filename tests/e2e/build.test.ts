/** The same bytes from the same files, wherever and whenever, and how one finds out. */

import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, SAMPLE } from '../rig/cli.js'

const ISSUE = `issues/${SAMPLE}.md`
const places: CliRoot[] = []

afterEach(async () => {
  for (const place of places.splice(0)) await place.close()
})

async function open(env: Readonly<Record<string, string>> = {}): Promise<CliRoot> {
  const place = await openCliRoot(env)
  places.push(place)
  return place
}

async function build(place: CliRoot, out = 'look') {
  const folder = path.join(place.root, out)
  const { hash } = (await place.json('build', SAMPLE, '--out', folder)) as { hash: string }
  return { hash, folder, manifest: path.join(folder, 'manifest.json') }
}

test('two folders, time zones and languages of the machine, cached or not: the same bytes', async () => {
  const auckland = await open({ TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' })
  const honolulu = await open({ TZ: 'Pacific/Honolulu', LC_ALL: 'C' })
  const one = await build(auckland)
  const again = await build(auckland, 'again')

  const other = await build(honolulu)

  expect(readdirSync(one.folder).sort()).toEqual([
    'email.html',
    'email.txt',
    'manifest.json',
    'message.eml',
    'web.html',
  ])
  for (const name of readdirSync(one.folder)) {
    const bytes = readFileSync(path.join(one.folder, name), 'latin1')
    expect(readFileSync(path.join(again.folder, name), 'latin1')).toBe(bytes)
    expect(readFileSync(path.join(other.folder, name), 'latin1')).toBe(bytes)
  }
})

describe('build --verify', () => {
  test('says that nothing differs, by the manifest or by the hash and the issue', async () => {
    const place = await open()
    const { hash, manifest } = await build(place)

    for (const args of [[manifest], [hash, SAMPLE], [hash.slice(0, 12), SAMPLE]]) {
      const { code, stdout } = await place.run('build', '--verify', ...args)
      expect(stdout).toBe(`${SAMPLE}: the same, ${hash}\n`)
      expect(code).toBe(0)
    }
  })

  test('says what differs', async () => {
    const place = await open({ PUBLIC_URL: 'https://one.example.org' })
    const { hash, manifest } = await build(place)
    appendFileSync(path.join(place.root, ISSUE), '\nOne more paragraph.\n')
    appendFileSync(path.join(place.root, 'issues/newsletter.yaml'), 'headers:\n  Organization: The Quay\n')
    appendFileSync(path.join(place.root, 'templates/partials/new.mjml'), '<!-- a new one -->')

    const { code, stdout } = await place.run('build', '--verify', manifest)

    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(`^${SAMPLE}: not the same; it was ${hash}, and is [0-9a-f]{64}$`),
      '  html  differs',
      '  text  differs',
      '  headers  differs',
      '  web  differs',
      '  template  differs',
      '  publication  differs',
      `  ${ISSUE}  differs`,
      '  issues/newsletter.yaml  differs',
      '  templates/partials/new.mjml  is new',
      '',
    ])
    expect(code).toBe(1)
  })

  test('knows what a Send has pinned', async () => {
    const place = await open()
    const { hash } = await build(place)
    const readers = place.write('readers.csv', 'address,name\nalice@example.org,Alice\n')
    await place.run('subscribers', 'import', readers, '--list', 'readers', '--create-list')
    expect(await place.run('send', SAMPLE, '--list', 'readers')).toMatchObject({ code: 0 })

    expect(await place.run('build', '--verify', hash)).toMatchObject({ code: 0 })
    appendFileSync(path.join(place.root, ISSUE), '\nOne more paragraph.\n')
    const { code, stdout } = await place.run('build', '--verify', hash, '--json')

    expect(code).toBe(1)
    const { same, differences } = JSON.parse(stdout)
    expect(same).toBe(false)
    expect(differences.map(({ what }: { what: string }) => what)).toEqual(['html', 'text', 'web'])
  })

  test.each([
    [['build'], 'build wants an issue and --out DIR, or --verify HASH'],
    [['build', '--verify', '0123456789abcdef'], '--verify: no Send has pinned 0123456789abcdef'],
    [['build', '--verify', 'templates/README.md'], 'give the hash that a build printed'],
    [['build', SAMPLE, '--verify', '0123456789abcdef', '--out', 'x'], '--verify writes nothing'],
  ])('%j is answered with what would be right', async (args, message) => {
    const place = await open()

    const { code, stderr } = await place.run(...args)

    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

test('the manifest names the commit, and says when files are other than in it', async () => {
  const place = await open()
  const git = (...args: string[]) =>
    execFileSync('git', [
      '-C',
      place.root,
      '-c',
      'user.name=Ines',
      '-c',
      'user.email=ines@example.org',
      ...args,
    ])
  const commitOf = (manifest: string) => JSON.parse(readFileSync(manifest, 'utf8')).commit
  expect(commitOf((await build(place)).manifest)).toBeNull()
  git('init', '-q')
  mkdirSync(path.join(place.root, '.git/hooks'), { recursive: true })
  git('add', 'issues', 'templates')
  git('commit', '-q', '-m', 'all')
  const id = git('rev-parse', 'HEAD').toString().trim()

  const clean = commitOf((await build(place)).manifest)
  appendFileSync(path.join(place.root, ISSUE), '\nOne more paragraph.\n')
  const dirty = commitOf((await build(place)).manifest)

  expect(clean).toEqual({ id, isDirty: false })
  expect(dirty).toEqual({ id, isDirty: true })
})
