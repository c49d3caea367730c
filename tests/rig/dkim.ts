/** Two verifiers of DKIM that nobody of us wrote, with the DNS records in the hand of the test; keys for tests. */

import { execFileSync } from 'node:child_process'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { type DkimKey, type DkimRecord, makeKeyPem, readKey } from '../../src/send/dkim/key.js'

/** Debian's own, which sees its own packages; another in PATH may not. */
const PYTHON = '/usr/bin/python3'

export interface Verdict {
  readonly domain: string
  readonly selector: string
  readonly algorithm: string
  readonly result: string
  /** The From domain is the signer's, or of the same organisation. */
  readonly isAligned: boolean
}

/** `bits` null: Ed25519. */
export function makeTestKey(domain: string, selector: string, bits: number | null = 2_048): DkimKey {
  const read = readKey(makeKeyPem(bits), { domain, selector })
  if (read.kind === 'refused') throw new Error(read.reason)
  return read.key
}

/** What mailauth says of each signature, top down. It takes the octet A0 in a header, as in `à`, for white space: such fails. */
export async function verifyDkim(
  bytes: Uint8Array,
  records: readonly Pick<DkimRecord, 'name' | 'value'>[],
): Promise<readonly Verdict[]> {
  const { results } = await dkimVerify(Buffer.from(bytes), {
    resolver: async (name, type) => {
      const record = type === 'TXT' ? records.find((one) => one.name === name) : undefined
      if (record !== undefined) return [[record.value]]
      throw Object.assign(new Error(`${name} is not there`), { code: 'ENOTFOUND' })
    },
  })
  return results
    .filter(({ status }) => status.result !== 'none')
    .map(({ signingDomain, selector, status }) => ({
      domain: signingDomain ?? '',
      selector: selector ?? '',
      algorithm: String(status.header?.a ?? ''),
      result: status.result,
      isAligned: Boolean(status.aligned),
    }))
}

/** Why python3-dkim can't be asked here; null when it can. */
export function pythonAilment(): string | null {
  try {
    execFileSync(PYTHON, ['-c', 'import dkim, nacl'], { stdio: 'ignore' })
    return null
  } catch {
    return `${PYTHON} has no module dkim or nacl; Debian's packages are python3-dkim and python3-nacl`
  }
}

const VERIFY = `
import base64, dkim, json, sys
given = json.load(sys.stdin)
records = {name.encode(): value.encode() for name, value in given['records'].items()}
find = lambda name, timeout=5: records.get(name.rstrip(b'.'))
def verify(bytes):
  signatures = bytes.split(b'\\r\\n\\r\\n', 1)[0].lower().count(b'dkim-signature:')
  results = []
  for index in range(signatures):
    try: results.append(dkim.DKIM(bytes).verify(index, find))
    except dkim.DKIMException as error: results.append(False)
  return results
print(json.dumps([verify(base64.b64decode(message)) for message in given['messages']]))
`

/** What Debian's python3-dkim says of each signature of each message, top down. */
export function verifyDkimInPython(
  messages: readonly Uint8Array[],
  records: readonly Pick<DkimRecord, 'name' | 'value'>[],
): readonly (readonly boolean[])[] {
  const input = {
    messages: messages.map((bytes) => Buffer.from(bytes).toString('base64')),
    records: Object.fromEntries(records.map(({ name, value }) => [name, value])),
  }
  const answer: unknown = JSON.parse(
    execFileSync(PYTHON, ['-c', VERIFY], { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 1e9 }),
  )
  // The script above prints nothing else.
  return answer as boolean[][]
}

/** Of a header field, of the body, and a second Subject in front: each has to break every signature. */
export const TAMPERINGS: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
  (bytes) => changed(bytes, /^(List-Unsubscribe: <http)s?/m, '$1x'),
  (bytes) => changed(bytes, /\r\n--=_[^\r]*--\r\n$/, '\r\nP.S. Send money.$&'),
  (bytes) => changed(bytes, /^/, 'Subject: You have won\r\n'),
]

function changed(bytes: Uint8Array, pattern: RegExp, by: string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  const other = text.replace(pattern, by)
  if (other === text) throw new Error(`nothing to tamper with: ${pattern}`)
  return Buffer.from(other, 'latin1')
}

/** The tags of the first DKIM-Signature, unfolded. */
export function signatureTags(bytes: Uint8Array): Readonly<Record<string, string>> {
  const head = Buffer.from(bytes).toString('latin1').split('\r\n\r\n')[0] ?? ''
  const field = /^DKIM-Signature:((?:.*\r\n[ \t])*.*)/im.exec(head)?.[1] ?? ''
  const tags = field
    .replace(/\s+/g, '')
    .split(';')
    .map((tag): [string, string] => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)])
  return Object.fromEntries(tags)
}
