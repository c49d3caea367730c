/**
 * `issues/readers.yaml`: sample readers whom the team has written down, each with what is known of them. Nobody in it is
 * ever mailed. What is wrong is a problem with its line, and the others stay.
 */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseAddress } from '../../address.js'
import { readAttribute } from '../../audience/attribute.js'
import { isAttributeName } from '../../audience/field.js'
import { lookInside } from '../../compile/inside.js'
import type { Problem } from '../../errors.js'
import { describeForbidden } from '../../issue/characters.js'
import { nearest } from '../../issue/nearest.js'
import type { AttributeType } from '../../issue/publication.js'
import { cleanSource } from '../../issue/source.js'
import { readYaml, type YamlValue } from '../../issue/yaml.js'
import type { SampleReader } from './api.js'

export const READERS_FILE = 'issues/readers.yaml'

const MAX_BYTES = 200_000
const MAX_READERS = 100
const MAX_LABEL = 60

const FORM = 'a reader wants values below it, as in name: Ines Varga'

export interface SharedReaders {
  readonly readers: readonly SampleReader[]
  readonly problems: readonly Problem[]
}

/** None where there is no such file. `root` is absolute. */
export async function readReaders(
  root: string,
  attributes: readonly AttributeType[],
): Promise<SharedReaders> {
  const found = await lookInside(root, READERS_FILE)
  if (found.kind === 'absent') return { readers: [], problems: [] }
  if (found.kind !== 'file') return refuse('is no file of this folder; write readers and their values')
  if (found.sizeBytes > MAX_BYTES) return refuse(`has ${found.sizeBytes} bytes; ${MAX_BYTES} are the most`)
  return parseReaders(await readFile(path.join(root, READERS_FILE), 'utf8'), attributes)
}

function refuse(message: string): SharedReaders {
  return { readers: [], problems: [{ where: READERS_FILE, line: null, message }] }
}

/** Pure. `attributes` as newsletter.yaml declares them; none: every value is text. */
export function parseReaders(source: string, attributes: readonly AttributeType[]): SharedReaders {
  const yaml = readYaml(cleanSource(source), { file: READERS_FILE, firstLine: 1 })
  if (yaml.problems.length > 0) return { readers: [], problems: yaml.problems }
  const problems: Problem[] = []
  const complain = (message: string, at: readonly string[]) =>
    void problems.push({ where: READERS_FILE, line: yaml.lineOf(at), message })
  const entries = entriesOf(yaml.value)
  if (entries === null)
    complain('write a reader a line and their values below, as in Ines: and then name: Ines Varga', [])
  if (entries !== null && entries.length > MAX_READERS)
    complain(`there are ${entries.length} readers; ${MAX_READERS} are the most`, [])
  const readers = (entries ?? []).slice(0, MAX_READERS).flatMap(([label, given]): SampleReader[] => {
    const wrong = describeLabel(label)
    if (wrong !== null) complain(wrong, [label])
    const values = entriesOf(given)
    if (values === null) complain(FORM, [label])
    const read = (values ?? []).flatMap(([name, value]): [string, string][] => {
      const one = readValue(name, value, attributes)
      if ('ok' in one) return [[name, one.ok]]
      complain(one.problem, [label, name])
      return []
    })
    return wrong === null && values !== null ? [{ label, values: Object.fromEntries(read) }] : []
  })
  return { readers, problems }
}

/** Null for what is no mapping; nothing at all is an empty one. */
function entriesOf(value: YamlValue): readonly [string, YamlValue][] | null {
  if (value === null) return []
  if (typeof value !== 'object' || Array.isArray(value)) return null
  return Object.entries(value)
}

function describeLabel(label: string): string | null {
  const forbidden = describeForbidden(label)
  if (forbidden !== null) return forbidden
  if (label.trim() === '')
    return 'a reader has no name to be picked by; write one, as in A donor without a name:'
  if (label.length > MAX_LABEL)
    return `a reader's name here has ${label.length} characters; ${MAX_LABEL} are the most`
  return null
}

function readValue(
  name: string,
  given: YamlValue,
  attributes: readonly AttributeType[],
): { readonly ok: string } | { readonly problem: string } {
  const shown = JSON.stringify(name.slice(0, MAX_LABEL))
  if (given !== null && typeof given !== 'string')
    return { problem: `${shown} wants text, as in ${isAttributeName(name) ? name : 'city'}: Marrow` }
  const text = given ?? ''
  const forbidden = describeForbidden(text)
  if (forbidden !== null) return { problem: `${shown}: ${forbidden}` }
  if (name === 'address') return readMailAddress(text)
  if (!isAttributeName(name))
    return { problem: `${shown} names no value; use small letters, digits and _, as in member_since` }
  const type = attributes.find((one) => one.name === name) ?? { name, kind: 'text' as const }
  if (name !== 'name' && attributes.length > 0 && !attributes.some((one) => one.name === name))
    return { problem: describeUnknown(name, attributes) }
  const read = readAttribute(type, text)
  return 'ok' in read ? read : { problem: `${shown}: ${read.problem}` }
}

function readMailAddress(text: string): { readonly ok: string } | { readonly problem: string } {
  if (text === '') return { ok: '' }
  const read = parseAddress(text)
  return read.kind === 'address' ? { ok: read.address } : { problem: `"address": "${text}" ${read.reason}` }
}

function describeUnknown(name: string, attributes: readonly AttributeType[]): string {
  const known = ['name', 'address', ...attributes.map((one) => one.name)]
  const meant = nearest(name, known)
  const advice = meant === null ? `newsletter.yaml declares ${known.join(', ')}` : `did you mean "${meant}"?`
  return `"${name}" is no attribute that newsletter.yaml declares; ${advice}`
}
