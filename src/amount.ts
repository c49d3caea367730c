/** Amounts as people write them: a duration, a size. */

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const BYTE_UNITS: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

/** `90s`, `5m`, `2h` as milliseconds; null when it is not a duration. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  const unit = DURATION_UNITS_MS[match?.[2] ?? '']
  return match?.[1] && unit ? Math.round(Number(match[1]) * unit) : null
}

/** `200MB`, `1.5GB` as bytes; null when it is not a size. */
export function parseBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?) ?(kB|MB|GB|TB)$/i.exec(text.trim())
  const unit = Object.entries(BYTE_UNITS).find(([name]) => name.toLowerCase() === match?.[2]?.toLowerCase())
  return match?.[1] && unit ? Math.round(Number(match[1]) * unit[1]) : null
}
