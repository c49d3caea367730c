import { isAscii } from 'node:buffer'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { harbourIssue } from '../../tests/rig/compiled.js'
import { seededRandom } from '../../tests/rig/random.js'
import type { CompiledIssue, Holed } from '../compile/compiled.js'
import { makeKeys, signToken, verifyToken } from '../link/token.js'
import { tokenInAddress } from '../return-path.js'
import { prepareMessages, type Recipient, writeMessage } from './message.js'

const keys = makeKeys(['a secret of more than thirty-two characters'])
const alice: Recipient = {
  deliveryId: 41,
  address: 'alice@example.org',
  name: 'Alice',
  attributes: { city: 'Kyōto' },
}

function prepare(changes: Partial<CompiledIssue>) {
  return prepareMessages({
    compiled: harbourIssue(changes),
    hash: 'c0ffee'.repeat(10),
    list: { name: 'Weekly Readers', title: 'Weekly readers' },
    sendId: 3,
    date: Date.UTC(2026, 0, 5, 12),
  })
}

function write(changes: Partial<CompiledIssue>, recipient = alice) {
  return writeMessage(prepare(changes), recipient, keys)
}

/** Line ends as mail carries them; a body may gain one at its end. */
function body(text: string | undefined): string | undefined {
  return text?.replaceAll('\r\n', '\n').replace(/\n$/, '')
}

test('a Message carries the headers that receivers ask of bulk mail, once each', async () => {
  const { bytes, envelope } = write({
    subject: ['News for ', { kind: 'person', name: 'name', fallback: 'you' }],
  })

  const mail = await PostalMime.parse(bytes)
  const header = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]))

  expect(envelope).toEqual({ from: 'editor@news.example.org', to: 'alice@example.org' })
  expect(mail.subject).toBe('News for Alice')
  expect(mail.date).toBe('2026-01-05T12:00:00.000Z')
  expect(header['list-id']).toBe('Weekly readers <weekly-readers.news.example.org>')
  expect(header['list-unsubscribe']).toBe(`<https://news.example.org/u/${signToken(keys, 'leave', 41)}>`)
  expect(header['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
  expect(header['feedback-id']).toBe('send-3:weekly-readers:issue:newsexampleorg')
  expect(new Set(mail.headers.map(({ key }) => key)).size).toBe(mail.headers.length)
})

test('with a return path each Message has an envelope of its own, and its bytes stay as they are', () => {
  const returnPath = { before: 'bounces+', after: '', domain: 'example.com' }
  const options = {
    compiled: harbourIssue(),
    hash: 'c0ffee'.repeat(10),
    list: { name: 'Weekly Readers', title: 'Weekly readers' },
    sendId: 3,
    date: Date.UTC(2026, 0, 5, 12),
  }
  const plain = writeMessage(prepareMessages(options), alice, keys)
  const prepared = prepareMessages({ ...options, returnPath })

  const [one, other] = [alice, { ...alice, deliveryId: 42 }].map((who) => writeMessage(prepared, who, keys))

  expect(one?.envelope.to).toBe('alice@example.org')
  const tokens = [one, other].map((message) => tokenInAddress(returnPath, message?.envelope.from ?? ''))
  expect(tokens.map((token) => verifyToken(keys, 'return', token ?? ''))).toEqual([41, 42])
  expect(Buffer.from(one?.bytes ?? []).equals(Buffer.from(plain.bytes))).toBe(true)
})

test('the same inputs give the same bytes, and the Message-ID is the same for every Attempt', () => {
  expect(Buffer.from(write({}).bytes).equals(Buffer.from(write({}).bytes))).toBe(true)
})

test('holes take the person’s values, escaped in html and as they are in text', async () => {
  const hole = { kind: 'person', name: 'name', fallback: 'reader' } as const
  const holed: Holed = ['Dear ', hole, ', ', { kind: 'token', purpose: 'read' }, '.']

  const named = await PostalMime.parse(
    write({ html: holed, text: holed }, { ...alice, name: '<b>&"Al"' }).bytes,
  )
  const nameless = await PostalMime.parse(write({ html: holed, text: holed }, { ...alice, name: ' ' }).bytes)

  const token = signToken(keys, 'read', 41)
  expect(body(named.html)).toBe(`Dear &lt;b&gt;&amp;&quot;Al&quot;, ${token}.`)
  expect(body(named.text)).toBe(`Dear <b>&"Al", ${token}.`)
  expect(body(nameless.text)).toBe(`Dear reader, ${token}.`)
})

test('a hole named like a part of every object takes its fallback', async () => {
  const holed: Holed = ['Dear ', { kind: 'person', name: 'constructor', fallback: 'you' }, '.']

  const mail = await PostalMime.parse(write({ html: holed, text: holed }).bytes)

  expect(body(mail.text)).toBe('Dear you.')
})

test('a conditional passage shows what the person’s value asks for', async () => {
  const choice: Holed = [
    'A\n',
    {
      kind: 'choice',
      name: 'city',
      present: ['In ', { kind: 'person', name: 'city', fallback: '' }, '\n'],
      absent: ['Nowhere\n'],
    },
    'B',
  ]

  const here = await PostalMime.parse(write({ text: choice }).bytes)
  const nowhere = await PostalMime.parse(write({ text: choice }, { ...alice, attributes: {} }).bytes)

  expect(body(here.text)).toBe('A\nIn Kyōto\nB')
  expect(body(nowhere.text)).toBe('A\nNowhere\nB')
})

test('a name with line breaks adds no header', async () => {
  const mail = await PostalMime.parse(
    write(
      { subject: [{ kind: 'person', name: 'name', fallback: '' }] },
      { ...alice, name: 'A\r\nBcc: e@x.test' },
    ).bytes,
  )

  expect(mail.bcc).toBeUndefined()
  expect(mail.headers).toHaveLength((await PostalMime.parse(write({}).bytes)).headers.length)
  expect(mail.subject).toBe('A Bcc: e@x.test')
})

test('V13: 200 people’s messages, written in any order, hold no one else’s values, tokens or address', () => {
  const hole = (name: string) => ({ kind: 'person', name, fallback: '' }) as const
  const canary = (what: string, id: number) => `${what}-${id * 7919}-end`
  for (const filler of ['Harbour news. ', '港口的起重机静静地站着。']) {
    const part: Holed = [
      ...[
        filler.repeat(20),
        hole('name'),
        filler.repeat(3),
        { kind: 'token', purpose: 'read' } as const,
        filler,
      ],
      {
        kind: 'choice',
        name: 'city',
        present: ['In ', hole('city'), '.'],
        absent: [{ kind: 'token', purpose: 'leave' }],
      },
      ...[filler.repeat(30), hole('note')],
    ]
    const prepared = prepare({ html: part, text: part, subject: ['News for ', hole('name')] })
    const people = Array.from({ length: 200 }, (_, id): Recipient => {
      const city = id % 3 === 0 ? {} : { city: canary('city', id) }
      const attributes = { ...city, note: 'x'.repeat(id) + canary('note', id) }
      return {
        deliveryId: id,
        address: `${canary('address', id)}@example.org`,
        name: canary('name', id),
        attributes,
      }
    })
    const random = seededRandom(13)
    const order = Array.from({ length: 1_000 }, () => random.between(0, 199))

    const written = order.map((id) => ({ id, message: writeMessage(prepared, person(people, id), keys) }))

    for (const { id, message } of written) {
      const whole = decoded(message.bytes)
      expect(new Set(whole.match(/(?:name|city|note|address)-\d+-end/g))).toEqual(
        new Set(
          ['name', 'note', 'address', ...(id % 3 === 0 ? [] : ['city'])].map((what) => canary(what, id)),
        ),
      )
      expect(new Set(whole.match(/[\w-]{22}(?=>\r\nList-U|港|Harbour)/g))).toEqual(
        new Set([signToken(keys, 'read', id), signToken(keys, 'leave', id)]),
      )
      expect(message.envelope.to).toBe(person(people, id).address)
    }
  }
})

test('memory that held another’s message gives the same bytes as fresh memory', () => {
  const hole = { kind: 'person', name: 'name', fallback: '' } as const
  const part: Holed = ['Cranes. '.repeat(40), hole, '港口'.repeat(200), { kind: 'token', purpose: 'read' }]
  const prepared = prepare({
    html: part,
    text: ['Cranes', hole, { kind: 'token', purpose: 'leave' }],
    subject: [hole],
  })
  const used = Buffer.alloc(100_000, 'another’s')
  const take = (bytes: number) => used.subarray(0, bytes)

  for (let id = 0; id < 50; id += 1) {
    const recipient = { ...alice, deliveryId: id, name: '👍'.repeat(id) }
    const { bytes } = writeMessage(prepared, recipient, keys, take)

    expect(bytes).toEqual(writeMessage(prepared, recipient, keys).bytes)
  }
})

test('the publication’s own fields stand in the header, text encoded and URLs as they are', async () => {
  const headers = [
    { name: 'Organization', value: 'Hafen Zürich\r\nBcc: e@x.test' },
    { name: 'List-Help', value: '<https://news.example.org/help>, <mailto:help@example.org>' },
  ]

  const { bytes } = write({ publication: { ...harbourIssue().publication, headers } })

  const mail = await PostalMime.parse(bytes)
  const header = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]))
  expect(header.organization).toBe('=?utf-8?Q?Hafen_Z=C3=BCrich_Bcc=3A_e=40x=2Etest?=')
  expect(header['list-help']).toBe('<https://news.example.org/help>, <mailto:help@example.org>')
  expect(header.bcc).toBeUndefined()
})

test('V35: a name, an issue title and a header value with a line break in them add no field', async () => {
  const odd = 'A\r\nBcc: e@x.test\r\n\r\nB'
  const { publication } = harbourIssue()
  const headers = [{ name: 'Organization', value: 'Harbour' }]
  const plain = write({ publication: { ...publication, headers } })

  const injected = write(
    {
      title: odd,
      subject: [odd, { kind: 'person', name: 'name', fallback: '' }],
      publication: {
        ...publication,
        from: { ...publication.from, name: odd },
        headers: [{ name: 'Organization', value: odd }],
      },
    },
    { ...alice, name: odd },
  )

  const [before, after] = [await PostalMime.parse(plain.bytes), await PostalMime.parse(injected.bytes)]
  expect(after.headers.map(({ key }) => key)).toEqual(before.headers.map(({ key }) => key))
  expect(after.subject).toBe('A Bcc: e@x.test BA Bcc: e@x.test B')
})

test('domains are A-labels wherever one stands; only a local part that is not ASCII makes the header UTF-8', () => {
  const publication = {
    ...harbourIssue().publication,
    from: { name: 'Hafen', address: 'brief@häfen.example' },
    publicUrl: 'https://häfen.example/brïef',
  }

  const domain = write({ publication }, { ...alice, address: 'alice@xn--rger-1oa.example' })
  const local = write({ publication }, { ...alice, address: 'jürgen@xn--rger-1oa.example' })

  const header = headerOf(domain.bytes)
  expect(isAscii(domain.bytes)).toBe(true)
  expect(domain.envelope).toEqual({ from: 'brief@xn--hfen-loa.example', to: 'alice@xn--rger-1oa.example' })
  expect(header).toMatch(/^Message-ID: <[0-9a-f]{24}@xn--hfen-loa\.example>\r$/m)
  expect(header).toMatch(/^List-ID: .*<weekly-readers\.xn--hfen-loa\.example>\r$/m)
  expect(header).toMatch(/^List-Unsubscribe: <https:\/\/xn--hfen-loa\.example\/br%C3%AFef\/u\/[\w-]{22}>\r$/m)
  expect(headerOf(local.bytes).match(/^.*[^\0-\x7f].*$/gm)).toEqual([
    'To: Alice <jürgen@xn--rger-1oa.example>',
  ])
})

test('a List-ID has 255 characters at most between its brackets, whatever the domain', () => {
  const domain = `${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(63)}.example.org`
  const { publication } = harbourIssue()

  const { bytes } = write({ publication: { ...publication, from: { name: '', address: `a@${domain}` } } })

  expect(/^List-ID:[^<]*<([^>]*)>/m.exec(headerOf(bytes))?.[1]).toHaveLength(14 + 1 + domain.length)
  expect(/^List-ID:[^<]*<([^>]*)>/m.exec(headerOf(bytes))?.[1]?.length).toBeLessThanOrEqual(255)
})

test('a part goes in whichever encoding is smaller, and reads the same', async () => {
  const hole = { kind: 'person', name: 'name', fallback: '' } as const
  const chinese: Holed = ['港口的起重机\n'.repeat(50), hole, '静静地站着。'.repeat(50)]
  const english: Holed = ['Cranes stand still.\n'.repeat(50), hole, 'At the quay.'.repeat(50)]

  const { bytes } = write({ text: chinese, html: english })

  const raw = Buffer.from(bytes).toString('latin1')
  const mail = await PostalMime.parse(bytes)
  expect(raw).toMatch(/text\/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64/)
  expect(raw).toMatch(/text\/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable/)
  expect(body(mail.text)).toBe(`${'港口的起重机\n'.repeat(50)}Alice${'静静地站着。'.repeat(50)}`)
  expect(body(mail.html)).toBe(`${'Cranes stand still.\n'.repeat(50)}Alice${'At the quay.'.repeat(50)}`)
})

test.each([0, 1, 2, 3, 4])(
  'in base64 a value of %i bytes shifts what follows, tokens too, without a trace',
  async (length) => {
    const token = { kind: 'token', purpose: 'read' } as const
    const text = (bytes: number): Holed[number] => '港口的起重机静静地站着。'.repeat(20) + '.'.repeat(bytes)
    const hole = { kind: 'person', name: 'name', fallback: '' } as const
    for (const shift of [0, 1, 2]) {
      const part: Holed = [
        hole,
        text(shift),
        token,
        text(1),
        token,
        hole,
        token,
        text(shift),
        hole,
        '/',
        token,
        'e',
      ]

      const mail = await PostalMime.parse(write({ text: part }, { ...alice, name: 'x'.repeat(length) }).bytes)

      const shown = { token: signToken(keys, 'read', 41), person: 'x'.repeat(length) }
      expect(body(mail.text)).toBe(
        part
          .map((piece) => (typeof piece === 'string' ? piece : shown[piece.kind as 'token' | 'person']))
          .join(''),
      )
    }
  },
)

function person(people: readonly Recipient[], id: number): Recipient {
  const found = people[id]
  if (found === undefined) throw new Error(`nobody has the number ${id}`)
  return found
}

function headerOf(bytes: Uint8Array): string {
  const raw = Buffer.from(bytes).toString('utf8')
  return raw.slice(0, raw.indexOf('\r\n\r\n') + 2)
}

/** The header and both parts as text, by hand. */
function decoded(bytes: Uint8Array): string {
  const [header = '', ...parts] = Buffer.from(bytes)
    .toString('latin1')
    .split(/\r\n--=_\S+\r\n/)
  const texts = parts.map((part) => {
    const [head = '', content = ''] = part.split('\r\n\r\n')
    if (head.includes('base64')) return Buffer.from(content, 'base64').toString('utf8')
    const octets = content
      .replaceAll('=\r\n', '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    return Buffer.from(octets, 'latin1').toString('utf8')
  })
  return [header.replaceAll('\r\n ', ' '), ...texts].join('\n')
}
