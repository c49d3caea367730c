/** What is counted of issues whose files come and go meanwhile. */

import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { Build } from '../../compile/build.js'
import { InputError } from '../../errors.js'
import { openLog } from '../../log.js'
import type { Drafts } from './drafts.js'
import { openCounts } from './issue-counts.js'

const ISSUE = { slug: 'harbour', file: 'issues/harbour.md', print: '1:1' }

function openRig() {
  let isThere = true
  let onCheck = () => {}
  const live: Drafts['live'] = new EventEmitter()
  const counts = openCounts({
    // All that counts read of drafts, and of a build.
    drafts: { live } as Drafts,
    check: async () => {
      const wasThere = isThere
      onCheck()
      if (wasThere) return { findings: [] } as unknown as Build
      throw new InputError('the file is not there')
    },
    log: openLog('silent'),
  })
  // A page looks at the list: whenever it is told, it asks.
  live.on('issues', () => counts.want([ISSUE]))
  return {
    counts,
    setThere(is: boolean) {
      isThere = is
    },
    /** While it is looked at, once. */
    during(act: () => void) {
      onCheck = () => {
        onCheck = () => {}
        act()
      }
    },
    counted: () => new Promise<void>((resolve) => live.once('issues', () => resolve())),
  }
}

test('an issue that was away while it was counted is counted again once its file is there, unchanged', async () => {
  const { counts, setThere, counted } = openRig()
  setThere(false)
  counts.want([ISSUE])
  await counted()
  expect(counts.get('harbour')).toMatchObject({ findings: null, problems: [{ message: /not there/ }] })

  setThere(true)
  counts.change()
  await counted()

  expect(counts.get('harbour')).toMatchObject({ findings: { errors: 0 }, problems: [] })
})

test('a file that came back before the count of it had failed leaves no problem behind', async () => {
  const { counts, setThere, during, counted } = openRig()
  setThere(false)
  during(() => {
    setThere(true)
    counts.change()
  })

  counts.want([ISSUE])
  await counted()
  await counted()

  expect(counts.get('harbour')).toMatchObject({ findings: { errors: 0 }, problems: [] })
})
