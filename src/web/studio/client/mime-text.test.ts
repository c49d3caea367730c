import { expect, test } from 'vitest'
import { readMimeText } from './mime-text.js'

test('fields are unfolded, and the body begins after the first empty line', () => {
  const { fields, body } = readMimeText(
    'Subject: Shore power\r\n before berths\r\nContent-Type: text/plain;\r\n\tcharset=utf-8\r\n\r\nOne\r\n\r\nTwo: three\r\n',
  )

  expect(fields).toEqual([
    { name: 'Subject', value: 'Shore power before berths' },
    { name: 'Content-Type', value: 'text/plain;\tcharset=utf-8' },
  ])
  expect(body).toBe('One\n\nTwo: three\n')
})

test('a message of header fields alone has no body', () => {
  expect(readMimeText('Subject: Shore power')).toEqual({
    fields: [{ name: 'Subject', value: 'Shore power' }],
    body: '',
  })
})
