/** A second reader of our messages: Python's email package must see what we meant, as postal-mime does. */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, SAMPLE } from '../rig/cli.js'

const READ = `
import email, email.policy, json, sys
message = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
parts = [part for part in message.walk() if not part.is_multipart()]
print(json.dumps({
  'subject': message['subject'], 'from': str(message['from']), 'to': message['to'].addresses[0].display_name,
  'types': [part.get_content_type() for part in parts], 'bodies': [part.get_content() for part in parts],
  'defects': [str(d) for p in message.walk() for d in p.defects] + [str(d) for v in message.values() for d in v.defects],
}))`

let place: CliRoot

beforeAll(async () => {
  place = await openCliRoot()
  place.write(
    'readers.csv',
    [
      'address,name,city',
      'alice@example.org,Alice,Kyōto',
      'mei@example.org,"Mei 海 <港>, ""M""",',
      'zoe@example.org,,',
      '',
    ].join('\n'),
  )
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  await place.run('send', SAMPLE, '--list', 'weekly', '--wait')
})

afterAll(() => place.close())

test('subject, sender, name, one text and one html part read the same in two parsers', async () => {
  for (const number of [1, 2, 3]) {
    const file = path.join(place.root, '.data', 'inbox', `00000${number}.eml`)
    const python = JSON.parse(execFileSync('python3', ['-c', READ, file], { encoding: 'utf8' }))
    const postal = await PostalMime.parse(readFileSync(file))

    expect(python.defects).toEqual([])
    expect(python.types).toEqual(['text/plain', 'text/html'])
    expect(python.subject).toBe(postal.subject)
    expect(python.from).toBe(`${postal.from?.name} <${postal.from?.address}>`)
    expect(python.to).toBe(postal.to?.[0]?.name ?? '')
    expect(python.bodies[0].trimEnd()).toBe(postal.text?.replaceAll('\r\n', '\n').trimEnd())
    expect(python.bodies[1].trimEnd()).toBe(postal.html?.replaceAll('\r\n', '\n').trimEnd())
  }
})
