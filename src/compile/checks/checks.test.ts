import { expect, test } from 'vitest'
import { proofOf } from '../../../tests/rig/proof.js'
import { CHECKS, runChecks } from './checks.js'

test('a good issue has no findings', async () => {
  const front = 'preheader: The locks were closed at noon, and nobody was told of it'

  expect(runChecks(await proofOf({ front }))).toEqual([])
})

test('every check has an id of its own', () => {
  const ids = CHECKS.map(({ id }) => id)

  expect(new Set(ids).size).toBe(ids.length)
})

test('findings come by line, those about the whole first', async () => {
  const input = await proofOf()

  const [first] = runChecks({ ...input, compiled: { ...input.compiled, html: ['{{title}}'] } })

  expect(first).toMatchObject({ file: 'issues/2026-03-13-tide.md', line: null, waived: null })
})
