import { Command } from 'commander'
import { expect, test } from 'vitest'
import { KINDS, kindsOf } from './kinds.js'

test.each(KINDS.map(({ names, add }) => [names.join(', '), names, add] as const))(
  '%s: what a file adds is what it is loaded for',
  async (_what, names, add) => {
    const program = new Command()

    await add(program)

    expect(program.commands.map((command) => command.name())).toEqual(names)
  },
)

test('one command is loaded without the others, and all where it is no name of any', () => {
  expect(kindsOf('status').map(({ names }) => names)).toEqual([['sends', 'status']])
  expect(kindsOf('sned')).toBe(KINDS)
  expect(kindsOf(undefined)).toBe(KINDS)
})
