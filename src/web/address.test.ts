import { expect, test } from 'vitest'
import { sayAddress } from './address.js'

test('an address stays on one line, and is text like any other', () => {
  expect(sayAddress((address) => `For ${address}.`, 'a…e@my-harbour.example').html).toBe(
    'For <span class="whole">a…e@my-harbour.example</span>.',
  )
  expect(sayAddress((address) => `<b> & ${address}`, `o'b&c@example.org`).html).toBe(
    '&lt;b&gt; &amp; <span class="whole">o&#39;b&amp;c@example.org</span>',
  )
})

test('one that is longer than a line of a phone may break', () => {
  const long = `a…e@${'x'.repeat(40)}.example`

  expect(sayAddress((address) => `For ${address}.`, long).html).toBe(`For ${long}.`)
})
