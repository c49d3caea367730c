import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseIssue } from '../issue/parse.js'
import { parsePublication } from '../issue/publication-file.js'
import { readImages } from './images.js'

const png = readFileSync(path.join(import.meta.dirname, '../../tests/fixtures/press/issues/images/gate.png'))
const plain = parsePublication({ file: 'issues/newsletter.yaml', source: 'name: The Tide\n' })

let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-images-'))
  mkdirSync(path.join(root, 'issues', 'images'), { recursive: true })
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function put(name: string, bytes: Uint8Array | string): void {
  writeFileSync(path.join(root, 'issues', 'images', name), bytes)
}

function read(source: string, publication = plain) {
  const text = `---\ntitle: High water\ndate: 2026-03-13\n---\n\n## Locks\n\nA line\nand ![a gate](${source}).\n`
  const issue = parseIssue({
    file: 'issues/2026-03-13-tide.md',
    slug: '2026-03-13-tide',
    source: text,
    publication,
  })
  return readImages(root, issue, publication)
}

describe('readImages', () => {
  test('names an image by its content, with its size in bytes and pixels', async () => {
    put('gate.png', png)

    const image = (await read('images/gate.png')).get('images/gate.png')

    expect(image).toMatchObject({ ext: 'png', sizeBytes: png.length, width: 1200, height: 500 })
    expect(image?.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  test('believes the bytes, not the name', async () => {
    put('gate.jpg', png)

    expect((await read('images/gate.jpg')).get('images/gate.jpg')?.ext).toBe('png')
  })

  test('reads the publication’s logo too', async () => {
    put('logo.png', png)
    put('gate.png', png)
    const source = 'name: The Tide\nlogo: images/logo.png\n'

    const images = await read('images/gate.png', parsePublication({ file: 'issues/newsletter.yaml', source }))

    expect([...images.keys()]).toEqual(['images/logo.png', 'images/gate.png'])
  })
})

describe('an image that cannot be sent is named with its line', () => {
  const where = 'issues/2026-03-13-tide.md:9: image'

  test('when it is missing', async () => {
    await expect(read('images/nowhere.png')).rejects.toThrow(`${where} "images/nowhere.png" does not exist`)
  })

  test('when it is not what mail readers show', async () => {
    put('gate.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>')
    put('words.png', 'no image at all')

    await expect(read('images/gate.png')).rejects.toThrow('is svg; mail readers show png, jpg and gif')
    await expect(read('images/words.png')).rejects.toThrow('is no image; mail readers show png, jpg and gif')
  })

  test('when it is too large', async () => {
    put('gate.png', Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024)]))

    await expect(read('images/gate.png')).rejects.toThrow('at most 2097152 (2 MB) are sent')
  })

  test('when it lies elsewhere, on the web or behind a link', async () => {
    writeFileSync(path.join(root, 'issues', 'gate.png'), png)
    symlinkSync(path.join(root, 'issues', 'gate.png'), path.join(root, 'issues', 'images', 'linked.png'))

    await expect(read('gate.png')).rejects.toThrow('is not a file in issues/images')
    await expect(read('https://example.com/gate.png')).rejects.toThrow('is not a file in issues/images')
    await expect(read('images/linked.png')).rejects.toThrow('leads out of issues/images')
  })
})
