import { expect, test } from 'vitest'
import { proofOf } from '../../../tests/rig/proof.js'
import { runChecks } from './checks.js'
import { type Finding, isBlocking } from './finding.js'

/** Of the checks that are spoken of here. */
async function findingsOf(options: Parameters<typeof proofOf>[0]): Promise<readonly Finding[]> {
  return runChecks(await proofOf(options)).filter(({ id }) => ['C07', 'C09'].includes(id))
}

const EMPTY_HOLE = '\nDear {{subscriber.name}}\n'

test('a waived error is still told, with the reason, and no longer blocks', async () => {
  const findings = await findingsOf({
    front: 'waive:\n  C07: Everyone on this list has a name',
    body: EMPTY_HOLE,
  })

  expect(findings).toMatchObject([
    { id: 'C07', severity: 'error', waived: 'Everyone on this list has a name' },
  ])
  expect(findings.some(isBlocking)).toBe(false)
})

test('what nobody waived blocks', async () => {
  expect((await findingsOf({ body: EMPTY_HOLE })).filter(isBlocking)).toMatchObject([{ id: 'C07' }])
})

test.each([
  ['a check that is none', 'C77', 'there is no check C77 to waive', 'did you mean C07?'],
  ['a check that cannot be waived', 'I05', 'I05 cannot be waived', 'mend what it finds'],
  ['a check that finds nothing', 'S01', 'S01 finds nothing here', 'take its waiver out'],
])('a waiver of %s is an error on its line', async (_what, id, message, hint) => {
  expect(await findingsOf({ front: `waive:\n  ${id}: because` })).toMatchObject([
    { id: 'C09', severity: 'error', line: 5, message: expect.stringContaining(message), hint },
  ])
})

test('where nothing can be sent, a waiver that lets nothing pass is a warning: elsewhere it might', async () => {
  expect(await findingsOf({ front: 'waive:\n  S01: because', isLive: false })).toMatchObject([
    { id: 'C09', severity: 'warn' },
  ])
})
