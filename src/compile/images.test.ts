import { execFileSync } from 'node:child_process'
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

/** The PNG with another size in its header. */
function ofSize(bytes: Buffer, width: number, height: number): Buffer {
  const resized = Buffer.from(bytes)
  resized.writeUInt32BE(width, 16)
  resized.writeUInt32BE(height, 20)
  return resized
}

/** The head of a JPEG whose EXIF says that it is turned by a quarter (orientation 6). */
function lyingJpeg(width: number, height: number): Buffer {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010006000000000000', 'hex')
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), tiff])
  const app1 = Buffer.concat([Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif])
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, height, 0, width, 1, 1, 0x11, 0])
  return Buffer.concat([Buffer.from([0xff, 0xd8]), app1, frame, Buffer.alloc(16), Buffer.from([0xff, 0xd9])])
}

describe('readImages', () => {
  test('names an image by its content, with its size in bytes and pixels', async () => {
    put('gate.png', png)

    const image = (await read('images/gate.png')).get('images/gate.png')

    expect(image).toMatchObject({ ext: 'png', sizeBytes: png.length, width: 1200, height: 500 })
    expect(image?.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  test('a picture that a phone took on its side has the size it is shown in', async () => {
    put('gate.jpeg', lyingJpeg(40, 20))

    expect((await read('images/gate.jpeg')).get('images/gate.jpeg')).toMatchObject({ width: 20, height: 40 })
  })

  test('reads the publication’s logo too', async () => {
    put('logo.png', png)
    put('gate.png', png)
    const source = 'name: The Tide\nbrand: { logo: images/logo.png }\n'

    const images = await read('images/gate.png', parsePublication({ file: 'issues/newsletter.yaml', source }))

    expect([...images.keys()]).toEqual(['images/logo.png', 'images/gate.png'])
  })
})

describe('an image that cannot be sent is named with its line', () => {
  const where = 'issues/2026-03-13-tide.md:9: image'

  test('when it is missing', async () => {
    await expect(read('images/nowhere.png')).rejects.toThrow(`${where} "images/nowhere.png" does not exist`)
  })

  test('when it is a folder or a pipe', async () => {
    mkdirSync(path.join(root, 'issues/images/gate.png'), { recursive: true })
    execFileSync('mkfifo', [path.join(root, 'issues/images/pipe.png')])

    await expect(read('images/gate.png')).rejects.toThrow('is no file that can be read')
    await expect(read('images/pipe.png')).rejects.toThrow('is no file that can be read')
  })

  test('when the folder of pictures lies elsewhere', async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'pressrun-elsewhere-'))
    writeFileSync(path.join(elsewhere, 'gate.png'), png)
    rmSync(path.join(root, 'issues/images'), { recursive: true })
    symlinkSync(elsewhere, path.join(root, 'issues/images'))

    await expect(read('images/gate.png')).rejects.toThrow('leads out of issues/images')
    rmSync(elsewhere, { recursive: true })
  })

  test('when it is not what mail readers show', async () => {
    put('gate.png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>')
    put('words.png', 'no image at all')

    await expect(read('images/gate.png')).rejects.toThrow('is svg; mail readers show png, jpg and gif')
    await expect(read('images/words.png')).rejects.toThrow('is no image; mail readers show png, jpg and gif')
  })

  test('when it is not what its name says', async () => {
    put('gate.jpg', png)
    put('gate', png)

    await expect(read('images/gate.jpg')).rejects.toThrow(
      `${where} "images/gate.jpg" is png within; name it gate.png`,
    )
    await expect(read('images/gate')).rejects.toThrow('name it gate.png')
  })

  test('when it is too large', async () => {
    put('gate.png', Buffer.concat([png, Buffer.alloc(40 * 1024 * 1024)]))
    put('wide.png', ofSize(png, 10_001, 1))
    put('fits.png', ofSize(png, 10_000, 1))

    await expect(read('images/gate.png')).rejects.toThrow('at most 2097152 (2 MB) are sent')
    await expect(read('images/wide.png')).rejects.toThrow('is 10001 × 1 pixels; at most 10000 along a side')
    await expect(read('images/fits.png')).resolves.toBeDefined()
  })

  test('when it lies behind a link that leads out of the folder', async () => {
    writeFileSync(path.join(root, 'issues', 'gate.png'), png)
    symlinkSync(path.join(root, 'issues', 'gate.png'), path.join(root, 'issues', 'images', 'linked.png'))

    await expect(read('images/linked.png')).rejects.toThrow('leads out of issues/images')
  })
})
