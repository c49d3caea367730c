/** What `--map` says of a file's columns, held against its header; and what it would have to say. */

import { slipOf } from '../issue/nearest.js'
import { suggestAttributeName } from './field.js'
import { ADDRESS, FIRST_NAME, LAST_NAME, NAME, NONE, TAGS, type Target } from './origin/origin.js'

/** In front of an attribute that is called as a column of ours is. */
export const ATTRIBUTE_PREFIX = 'attributes.'

/** Besides attributes, what a column may be for. */
const MAPPABLE: Readonly<Record<string, Target>> = {
  address: ADDRESS,
  email: ADDRESS,
  name: NAME,
  first_name: FIRST_NAME,
  last_name: LAST_NAME,
  tags: TAGS,
  '': NONE,
}
/** What columns are called in the languages of our pages, as `suggestAttributeName` writes it. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  address: [
    ...['e_mail', 'email', 'mail', 'e_mail_address', 'email_address', 'mail_address'],
    ...['e_mail_adresse', 'emailadresse', 'mailadresse', 'adresse_e_mail', 'adresse_email', 'courriel'],
    ...['correo', 'correo_electronico'],
  ],
  name: ['name', 'full_name', 'nom_complet', 'nombre_completo'],
  first_name: ['first_name', 'firstname', 'given_name', 'vorname', 'prenom', 'nombre'],
  last_name: [
    'last_name',
    'lastname',
    'surname',
    'family_name',
    'nachname',
    'familienname',
    'nom',
    'apellidos',
  ],
  tags: ['tags', 'schlagworte', 'etiquettes', 'etiquetas'],
}
/** Longer names than anyone types. */
const MAX_NAME = 80
const MAX_LINE_COLUMNS = 30

export interface Mapping {
  /** By the column's name as it stands in the file. */
  readonly targets: ReadonlyMap<string, Target>
  readonly problems: readonly string[]
}

/** `map`: as it was told, by column; `known`: attributes that the publication declares. */
export function readMapping(
  map: ReadonlyMap<string, string>,
  { names, known }: { readonly names: readonly string[]; readonly known: readonly string[] },
): Mapping {
  const targets = new Map<string, Target>()
  const problems: string[] = []
  for (const [told, field] of map) {
    const fitting = findColumns(told, names)
    const [name] = fitting
    const meant = slipIn(field, known)
    if (name === undefined)
      problems.push(`has no column ${show(told)}, which --map names; there is ${listFew(names)}`)
    else if (fitting.length > 1)
      problems.push(
        `has ${fitting.map(show).join(' and ')}, which --map ${show(told)} both fits; write it as there`,
      )
    else if (targets.has(name)) problems.push(`--map names the column ${show(name)} twice`)
    else if (meant !== null)
      problems.push(
        `--map ${quote(`${told}=${field}`)}: did you mean ${quote(`${told}=${meant}`)}? ` +
          `For an attribute of that name, write ${quote(`${told}=${ATTRIBUTE_PREFIX}${field}`)}`,
      )
    else targets.set(name, targetOf(field))
  }
  return { targets, problems }
}

/** As it stands there, or else but for case and blanks. */
function findColumns(told: string, names: readonly string[]): readonly string[] {
  if (names.includes(told)) return [told]
  const fold = (name: string) => name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
  return [...new Set(names.filter((name) => fold(name) === fold(told)))]
}

function slipIn(field: string, known: readonly string[]): string | null {
  const small = field.toLowerCase()
  if (Object.hasOwn(MAPPABLE, small) || known.includes(field) || field.startsWith(ATTRIBUTE_PREFIX))
    return null
  return slipOf(field, [...Object.keys(MAPPABLE).filter((one) => one !== '' && one !== 'email'), ...known])
}

function targetOf(field: string): Target {
  const small = field.toLowerCase()
  return Object.hasOwn(MAPPABLE, small) ? (MAPPABLE[small] ?? attributeOf(field)) : attributeOf(field)
}

export function attributeOf(name: string): Target {
  return {
    kind: 'attribute',
    name: name.startsWith(ATTRIBUTE_PREFIX) ? name.slice(ATTRIBUTE_PREFIX.length) : name,
  }
}

/** What `--map` calls it. */
export function fieldOf(target: Target): string {
  return target.kind === 'attribute'
    ? target.name
    : (Object.keys(MAPPABLE).find((field) => MAPPABLE[field]?.kind === target.kind) ?? '')
}

/** `--map "E-Mail=address" --map "Ort=ort"`: a guess that can be copied; '' when there is none. `others`: fields that have a column. */
export function suggestMap(names: readonly string[], others: readonly string[]): string {
  const taken = new Set(others)
  return names
    .slice(0, MAX_LINE_COLUMNS)
    .flatMap((name) => {
      if (name.length > MAX_NAME || name === '' || /\p{C}/u.test(name)) return []
      const plain = suggestAttributeName(name)
      const usual = Object.keys(USUAL).find((field) => USUAL[field]?.includes(plain))
      const field = usual !== undefined && !taken.has(usual) ? usual : taken.has(plain) ? '' : plain
      taken.add(field)
      return [`--map ${quote(`${name}=${field}`)}`]
    })
    .join(' ')
}

/** Whether a column of this name is the address, as a rule. */
export function isUsualAddress(name: string): boolean {
  return USUAL.address?.includes(suggestAttributeName(name)) ?? false
}

/** For a shell: nothing in it is carried out, whoever has written the file. */
function quote(text: string): string {
  return /^[\p{L}\p{M}\p{N} _.,:;@/()?=+-]*$/u.test(text) ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`
}

const MAX_LISTED = 10
/** In a message, a header that is really a page of text is cut. */
const MAX_SHOWN = 40

export function listFew(names: readonly string[]): string {
  return [...names.slice(0, MAX_LISTED).map(show), ...(names.length > MAX_LISTED ? ['…'] : [])].join(', ')
}

export function show(name: string): string {
  return JSON.stringify(name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}…` : name)
}
