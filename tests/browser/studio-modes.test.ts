/**
 * The modes of a picture in Chromium: the colours and boxes that a reader would see, on a machine that prefers light and on
 * one that prefers dark. With PRESSRUN_TEST_PICTURES=DIR each is drawn there, to be looked at.
 */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Color } from '../../src/compile/checks/color.js'
import { type ForcedDark, forceDark } from '../../src/compile/checks/dark.js'
import { type Screen, visit } from '../rig/browser.js'
import { arePicturesKept, keepWholePicture } from '../rig/pictures.js'
import { openTestStudio, type TestStudio } from '../rig/studio.js'

const PRESS = path.join(import.meta.dirname, '../fixtures/press/issues')
/** A digest with one of everything, a letter, and one from right to left. */
const EVERYTHING = '2026-04-10-every-element'
const LETTER = '2026-04-24-on-waiting'
const ISSUES = [EVERYTHING, LETTER, '2026-05-08-the-quays-reopen'] as const
const MACHINES = ['light', 'dark'] as const

let studio: TestStudio

beforeAll(async () => {
  const names = readdirSync(PRESS, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const files = names.map((entry) => {
    const file = path.join(entry.parentPath, entry.name)
    return [`issues/${path.relative(PRESS, file)}`, readFileSync(file)] as const
  })
  studio = await openTestStudio({ files: Object.fromEntries(files) })
})

afterAll(() => studio.close())

/** Opens a frame as a page of its own, which the studio gives to no browser: so it is fetched apart. */
async function look<T>(
  at: string,
  screen: Partial<Screen>,
  read: (page: Page) => Promise<T>,
): Promise<{ readonly seen: T; readonly complaints: readonly string[] }> {
  const { page, complaints, close } = await visit(await studio.browser(), studio.url, {
    width: 700,
    colorScheme: 'light',
    ...screen,
  })
  try {
    await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
    await page.route('**/frame/**', async (route) => route.fulfill({ response: await route.fetch() }))
    await page.goto(`${studio.url}/frame/${at}`)
    return { seen: await read(page), complaints }
  } finally {
    await close()
  }
}

describe.each(ISSUES)('%s', (slug) => {
  test.each([
    ['partly', 'dark'],
    ['fully', 'light'],
  ] as const satisfies readonly (readonly [ForcedDark, string])[])(
    'darkened by force (%s) has the colours that the checks measure, where the machine prefers %s',
    async (kind, machine) => {
      const { seen: light } = await look(`${slug}/mail`, { colorScheme: machine }, readInks)

      const { seen: dark, complaints } = await look(
        `${slug}/mail?light=${kind}`,
        { colorScheme: machine },
        readInks,
      )

      expect(complaints).toEqual([])
      expect(dark.map(({ text }) => text)).toEqual(light.map(({ text }) => text))
      const expected = light.map(({ text, color, ground }) => {
        const ink = forceDark(kind, { text: colorOf(color), ground: colorOf(ground) })
        return { text, color: partsOf(ink.text), ground: partsOf(ink.ground) }
      })
      expect(dark.filter((ink, index) => !isNear(ink, expected[index]))).toEqual([])
    },
  )

  test.each(MACHINES)('light and dark are as written, where the machine prefers %s', async (machine) => {
    const light = await look(`${slug}/mail`, { colorScheme: machine }, readInks)
    const dark = await look(`${slug}/mail?light=dark`, { colorScheme: machine }, readInks)

    expect([...light.complaints, ...dark.complaints]).toEqual([])
    // The template's paper, by day and by night.
    expect(light.seen.filter(({ ground }) => String(ground) === '255,255,255').length).toBeGreaterThan(20)
    expect(dark.seen.filter(({ ground }) => String(ground) === '22,22,22').length).toBeGreaterThan(20)
    expect(dark.seen.filter(({ ground }) => Math.max(...ground) > 235)).toEqual([])
  })

  test('with pictures off no picture is asked for, and every box has the size that is declared', async () => {
    const { seen, complaints } = await look(`${slug}/mail?images=off`, {}, async (page) => {
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.resourceType()))
      await page.reload()
      return { asked, boxes: await readBoxes(page) }
    })

    const { seen: shown } = await look(`${slug}/mail`, {}, readImages)
    expect(complaints).toEqual([])
    expect(shown.length).toBeGreaterThan(0)
    expect(seen.asked).toEqual(['document'])
    expect(seen.boxes.map(({ size }) => size)).toEqual(shown.map(({ size }) => size))
    expect(seen.boxes.map(({ text }) => text)).toEqual(shown.map(({ alt }) => alt))
  })
})

test('without style sheets a phone gets the sizes that are written at the elements', async () => {
  const read = (page: Page) =>
    page.evaluate(() => ({
      h1: getComputedStyle(document.querySelector('h1') ?? document.body).fontSize,
      sheets: [...document.styleSheets].filter(
        ({ ownerNode }) => !(ownerNode instanceof HTMLElement && 'studio' in ownerNode.dataset),
      ).length,
    }))

  const usual = await look(`${EVERYTHING}/mail`, { width: 375 }, read)
  const bare = await look(`${EVERYTHING}/mail?engine=bare`, { width: 375 }, read)

  expect(usual.seen.h1).toBe('34px')
  expect(bare.seen).toEqual({ h1: '42px', sheets: 0 })
})

test('in Word the mail is 600 pixels wide whatever the window, and its button is square and roomy', async () => {
  const { seen, complaints } = await look(`${EVERYTHING}/mail?engine=word`, { width: 375 }, (page) =>
    page.evaluate(() => {
      const button = document.querySelector('a.button')
      const box = button?.getBoundingClientRect()
      return {
        paper: document.querySelector('.paper-outlook')?.getBoundingClientRect().width,
        radius: button === null ? '' : getComputedStyle(button).borderRadius,
        padding: button === null ? '' : getComputedStyle(button).padding,
        height: box?.height ?? 0,
      }
    }),
  )

  expect(complaints).toEqual([])
  expect(seen).toMatchObject({ paper: 600, radius: '0px', padding: '0px' })
  expect(seen.height).toBeGreaterThan(35)
})

test('Outlook darkens in full, whichever dark is asked for', async () => {
  const seen = await Promise.all(
    ['dark', 'partly', 'fully'].map((light) =>
      look(`${EVERYTHING}/mail?engine=word&light=${light}`, {}, readInks),
    ),
  )

  expect(seen[0]?.seen).toEqual(seen[2]?.seen)
  expect(seen[1]?.seen).toEqual(seen[2]?.seen)
})

test.each(MACHINES)(
  'the web page is light or dark as is asked, where the machine prefers %s',
  async (machine) => {
    const groundOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await look(`${EVERYTHING}/web`, { colorScheme: machine }, groundOf)
    const dark = await look(`${EVERYTHING}/web?light=fully`, { colorScheme: machine }, groundOf)

    expect([...light.complaints, ...dark.complaints]).toEqual([])
    expect(lightnessOf(light.seen)).toBeGreaterThan(200)
    expect(lightnessOf(dark.seen)).toBeLessThan(40)
  },
)

test('a click on a link leaves the picture where it is', async () => {
  const { seen } = await look(`${LETTER}/mail`, {}, async (page) => {
    const opened: string[] = []
    page.context().on('page', (other) => opened.push(other.url()))
    await page.getByText('Unsubscribe').first().click()
    await page.getByText('Preferences').first().click()
    return { at: new URL(page.url()).pathname, opened }
  })

  expect(seen).toEqual({ at: `/frame/${LETTER}/mail`, opened: [] })
})

test.runIf(arePicturesKept)('each mode is drawn, to be looked at', async () => {
  const modes = [
    '',
    'light=dark',
    'light=partly',
    'light=fully',
    'images=off',
    'engine=bare',
    'engine=word',
    'engine=word&light=fully',
  ]
  for (const slug of ISSUES)
    for (const mode of modes)
      await look(`${slug}/mail?${mode}`, {}, (page) =>
        keepWholePicture(page, `mode-${slug.slice(11)}-${mode.replace(/\W+/g, '-') || 'usual'}`),
      )
})

type Parts = readonly [red: number, green: number, blue: number]

interface SeenInk {
  readonly text: string
  readonly color: Parts
  readonly ground: Parts
}

function colorOf([red, green, blue]: Parts): Color {
  return { red, green, blue, alpha: 1 }
}

function partsOf({ red, green, blue }: Color): Parts {
  return [Math.round(red), Math.round(green), Math.round(blue)]
}

/** A step more or less comes of rounding twice. */
function isNear(seen: SeenInk, expected: SeenInk | undefined): boolean {
  return (['color', 'ground'] as const).every((which) =>
    seen[which].every((part, index) => Math.abs(part - (expected?.[which][index] ?? -9)) <= 1),
  )
}

function lightnessOf(color: string): number {
  return Math.max(...(color.match(/\d+/g) ?? []).map(Number))
}

/** Every element with words of its own that are to be seen, with what they are written in and on. */
function readInks(page: Page): Promise<readonly SeenInk[]> {
  return page.evaluate(() => {
    const read = (text: string) => (text.match(/[\d.]+/g) ?? []).map(Number)
    const over = (above: readonly number[], below: readonly number[]) => {
      const alpha = above[3] ?? 1
      return [0, 1, 2].map((part) => (above[part] ?? 0) * alpha + (below[part] ?? 0) * (1 - alpha))
    }
    const groundOf = (element: Element | null): readonly number[] =>
      element === null
        ? [255, 255, 255]
        : over(read(getComputedStyle(element).backgroundColor), groundOf(element.parentElement))
    const rounded = (color: readonly number[]) => color.map(Math.round) as unknown as [number, number, number]
    return [...document.body.querySelectorAll('*')].flatMap((element) => {
      const text = [...element.childNodes]
        .map((child) => (child.nodeType === Node.TEXT_NODE ? (child.textContent ?? '') : ''))
        .join('')
        .trim()
      if (text === '' || !element.checkVisibility()) return []
      const ground = groundOf(element)
      return [
        {
          text: text.slice(0, 40),
          color: rounded(over(read(getComputedStyle(element).color), ground)),
          ground: rounded(ground),
        },
      ]
    })
  })
}

function readBoxes(page: Page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('not-loaded')]
      .filter((box) => box.checkVisibility())
      .map((box) => {
        const { width, height } = box.getBoundingClientRect()
        return { size: `${Math.round(width)} × ${Math.round(height)}`, text: box.textContent ?? '' }
      }),
  )
}

function readImages(page: Page) {
  return page.evaluate(() =>
    [...document.images]
      .filter((image) => image.checkVisibility())
      .map((image) => {
        const { width, height } = image.getBoundingClientRect()
        return { size: `${Math.round(width)} × ${Math.round(height)}`, alt: image.alt }
      }),
  )
}
