import { expect, test } from 'vitest'
import { InputError } from '../../errors.js'
import { readTestAddresses } from './addresses.js'

const ALLOWED = ['editor@example.org', '@press.example', 'Ruth@harbour.example']

test('who is allowed by name or by domain gets it, each once', () => {
  expect(
    readTestAddresses(
      'Editor@Example.org, anyone@press.example  ruth@harbour.example,editor@example.org',
      ALLOWED,
    ),
  ).toEqual(['Editor@example.org', 'anyone@press.example', 'ruth@harbour.example'])
})

test('an address that nothing allows is refused, with what would be right', () => {
  expect(() => readTestAddresses('bob@example.org', ALLOWED)).toThrow(
    '--to: "bob@example.org" may get no test: TEST_TO allows editor@example.org, @press.example, Ruth@harbour.example; add it there',
  )
  expect(() => readTestAddresses('bob@example.org', [])).toThrow(
    'TEST_TO names who may, and is empty; set TEST_TO=bob@example.org',
  )
})

test.each([
  ['a domain below an allowed one', 'bob@sub.press.example'],
  ['one that ends like it', 'bob@evilpress.example'],
  ['an address of which an allowed one is the end', 'x-editor@example.org'],
  ['one with a tag', 'editor+list@example.org'],
])('%s is another', (_what, address) => {
  expect(() => readTestAddresses(address, ALLOWED)).toThrow(InputError)
})

test('nothing leaves this machine: anyone may have it in the inbox here', () => {
  expect(readTestAddresses('bob@example.net', null)).toEqual(['bob@example.net'])
})

test('a list is no address, and neither is half of one', () => {
  expect(() => readTestAddresses('everyone bob@', null)).toThrow(
    /--to: "everyone" is no address; a test goes to addresses, never to a list.*\n--to: "bob@" /,
  )
  expect(() => readTestAddresses(' , ', null)).toThrow('--to: names nobody')
})

test('more than ten are refused: that is a send', () => {
  const many = Array.from({ length: 11 }, (_, index) => `r${index}@press.example`)

  expect(readTestAddresses(many.slice(1).join(','), ALLOWED)).toHaveLength(10)
  expect(() => readTestAddresses(many.join(','), ALLOWED)).toThrow('--to: names 11 addresses')
})
