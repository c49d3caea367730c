/** Contrast of colours as WCAG 2.2 counts it, and the nearest shade of one that can be read on a ground. */

/** WCAG 2.2, success criterion 1.4.3. */
export const MIN_CONTRAST = 4.5

/** 1 to 21. Colours are `#rrggbb`. */
export function contrastOf(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => b - a)
  return (lighter + 0.05) / (darker + 0.05)
}

/** The shade of `color`, on its way to black or white, that first has the contrast `least` on `ground`. */
export function readableShade(color: string, ground: string, least = MIN_CONTRAST): string {
  const end = luminanceOf(ground) > 0.18 ? 0 : 255
  for (let percent = 0; percent < 100; percent += 1) {
    const shade = write(read(color).map((part) => part + ((end - part) * percent) / 100))
    if (contrastOf(shade, ground) >= least) return shade
  }
  return write([end, end, end])
}

function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = read(color).map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function read(color: string): number[] {
  return (color.slice(1).match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
}

function write(parts: readonly number[]): string {
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}
