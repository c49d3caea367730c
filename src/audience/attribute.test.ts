import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AttributeType } from '../issue/publication.js'
import { canonicalNumber, readAttribute } from './attribute.js'

const country: AttributeType = { name: 'country', kind: 'oneOf', choices: ['DE', 'FR', 'Côte d’Ivoire'] }

function plain(kind: 'text' | 'number' | 'date' | 'yesNo'): AttributeType {
  return { name: 'it', kind }
}

describe('a value has one form, however it was written', () => {
  test.each([
    [plain('text'), ' Port \n Marrow ', 'Port Marrow'],
    [plain('text'), '', ''],
    [plain('number'), '  ', ''],
    [plain('number'), '0012.50', '12.5'],
    [plain('number'), '+7', '7'],
    [plain('number'), '-0.0', '0'],
    [plain('number'), '-0.5', '-0.5'],
    [plain('date'), '2026-02-28', '2026-02-28'],
    [plain('date'), '2024-02-29T08:15:00Z', '2024-02-29'],
    [plain('date'), '2024-02-29 08:15', '2024-02-29'],
    [plain('date'), '2024-02-29 08:15:00.123 +0100', '2024-02-29'],
    [plain('yesNo'), 'TRUE', 'yes'],
    [plain('yesNo'), '1', 'yes'],
    [plain('yesNo'), 'No', 'no'],
    [country, 'de', 'DE'],
    [country, 'CÔTE D’IVOIRE', 'Côte d’Ivoire'],
  ])('%j: %j is %j', (type, text, ok) => {
    expect(readAttribute(type, text)).toEqual({ ok })
  })
})

describe('what is no value of the type is told, with what would be right', () => {
  test.each([
    [plain('number'), '1,234', '"1,234" is no number; write it as 1234.5'],
    [plain('number'), '1e3', '"1e3" is no number; write it as 1234.5'],
    [plain('number'), '١٢', '"١٢" is no number; write it as 1234.5'],
    [plain('number'), '1234567890123456', '"1234567890123456" is no number; write it as 1234.5'],
    [plain('date'), '03/04/2026', '"03/04/2026" is no day; write it as 2026-03-31'],
    [plain('date'), '2026-02-30', '"2026-02-30" is no day; write it as 2026-03-31'],
    [plain('date'), '2026-03-31 or so', '"2026-03-31 or so" is no day; write it as 2026-03-31'],
    [plain('yesNo'), 'maybe', '"maybe" is neither yes nor no'],
    [country, 'Deutschland', '"Deutschland" is none of DE, FR, Côte d’Ivoire'],
    [plain('number'), 'x'.repeat(900), `"${'x'.repeat(40)}…" is no number; write it as 1234.5`],
  ])('%j: %j', (type, text, problem) => {
    expect(readAttribute(type, text)).toEqual({ problem })
  })
})

test('a value that was read is read the same again', () => {
  const types = [plain('text'), plain('number'), plain('date'), plain('yesNo'), country]
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.double({ noNaN: true }).map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom('yes', 'FALSE', 'fr'),
  )
  fc.assert(
    fc.property(fc.constantFrom(...types), texts, (type, text) => {
      const first = readAttribute(type, text)
      if ('ok' in first) expect(readAttribute(type, first.ok)).toEqual(first)
    }),
  )
})

test('a number keeps what it is worth', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.integer({ min: 0, max: 999 }),
      (whole, thousandths) => {
        const text = `${whole}.${String(thousandths).padStart(3, '0')}`
        expect(Number(canonicalNumber(text))).toBe(Number(text) === 0 ? 0 : Number(text))
      },
    ),
  )
})
