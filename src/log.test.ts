import { expect, test } from 'vitest'
import { openLog } from './log.js'

test('an error of a database is logged without the values it is about, its cause too', () => {
  const lines: string[] = []
  const log = openLog('info', { write: (line) => void lines.push(line) })
  const told = { code: '23505', detail: 'Key (address_key)=(alice@example.com) already exists.' }
  const cause = Object.assign(new Error('duplicate key value'), told)

  log.error({ err: Object.assign(new Error('request failed', { cause }), told) }, 'x')

  expect(lines.join()).toContain('23505')
  expect(lines.join()).toContain('duplicate key value')
  expect(lines.join()).not.toContain('alice@example.com')
})
